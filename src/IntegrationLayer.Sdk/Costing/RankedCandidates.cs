using System.Collections;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>The candidates to call, best first. The first one's bound is reckoned at once, the others' when somebody asks: most requests need only the first.</summary>
internal sealed class RankedCandidates : IReadOnlyList<RankedDeployment>
{
    private readonly CostAnalysis _costs;
    private readonly int[] _positions;
    private readonly int _wellCount;
    private readonly RankedDeployment _first;

    private RankedCandidates(CostAnalysis costs, int[] positions, int wellCount)
    {
        _costs = costs;
        _positions = positions;
        _wellCount = wellCount;
        _first = Bound(0);
    }

    public int Count => _positions.Length;

    public RankedDeployment this[int index] => index == 0 ? _first : Bound(index);

    /// <summary>Gets the candidates at some positions.</summary>
    /// <param name="costs">What they cost.</param>
    /// <param name="positions">Their positions, best first.</param>
    /// <param name="wellCount">How many of them are well; the rest is there as a last resort.</param>
    public static IReadOnlyList<RankedDeployment> Of(CostAnalysis costs, ReadOnlySpan<int> positions, int wellCount) =>
        positions.IsEmpty ? [] : new RankedCandidates(costs, positions.ToArray(), wellCount);

    public IEnumerator<RankedDeployment> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private RankedDeployment Bound(int index)
    {
        RankedDeployment bound = _costs.Bound(_positions[index]);
        return index < _wellCount ? bound : bound with { IsLastResort = true };
    }
}
