using System.Collections;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>The candidates to call, best first. The first one's bound is reckoned at once, the others' when somebody asks: most requests need only the first.</summary>
internal sealed class RankedCandidates : IReadOnlyList<RankedDeployment>
{
    private readonly CostAnalysis _costs;
    private readonly int[] _positions;
    private readonly RankedDeployment _first;

    private RankedCandidates(CostAnalysis costs, int[] positions)
    {
        _costs = costs;
        _positions = positions;
        _first = costs.Bound(positions[0]);
    }

    public int Count => _positions.Length;

    public RankedDeployment this[int index] => index == 0 ? _first : _costs.Bound(_positions[index]);

    /// <summary>Gets the candidates at some positions.</summary>
    public static IReadOnlyList<RankedDeployment> Of(CostAnalysis costs, ReadOnlySpan<int> positions) =>
        positions.IsEmpty ? [] : new RankedCandidates(costs, positions.ToArray());

    public IEnumerator<RankedDeployment> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
