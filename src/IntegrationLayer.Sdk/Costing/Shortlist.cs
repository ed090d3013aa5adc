using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>Those of many candidates that can be among the cheapest, or the dearest, of any request that all of them can serve: when only the cost decides, nobody else needs to be looked at.</summary>
/// <remarks>
/// A candidate costs text × its rate + answer × its rate + fees. Who is beaten in both rates, and in no fee better, by as many others as are picked is never
/// picked, whatever the request (the k-skyband of Papadias et al., 2005). It is enough to count the beaters that are on the list themselves: who beats a
/// beater beats too.
/// </remarks>
internal sealed class Shortlist
{
    /// <summary>How many of the cheapest are sure to be on the list.</summary>
    public const int Depth = 16;

    // Below it, looking at all is as quick.
    private const int FewestCandidates = 128;

    private readonly int[] _positions;
    private readonly int[] _dearest;

    private Shortlist(CandidateSet all, int[] cheapest, int[] dearest)
    {
        _positions = cheapest;
        _dearest = dearest;
        Columns = new CandidateColumns(Array.ConvertAll(cheapest, i => all.Deployments[i]));
    }

    /// <summary>Gets what routing policies look at of those that can be cheapest.</summary>
    public CandidateColumns Columns { get; }

    public int Count => _positions.Length;

    /// <summary>Makes the list; <see langword="null"/> if it would not be much shorter.</summary>
    public static Shortlist? Of(CandidateSet all)
    {
        int count = all.Deployments.Length;
        if (count < FewestCandidates)
        {
            return null;
        }

        int[] order = [.. Enumerable.Range(0, count)];
        Array.Sort(order, (left, right) => all.TextRate[left].CompareTo(all.TextRate[right]));
        int[]? cheapest = Unbeaten(all, order, Depth, sign: 1, count / 4);
        Array.Reverse(order);
        int[]? dearest = cheapest is null ? null : Unbeaten(all, order, 1, sign: -1, count / 4);
        return cheapest is null || dearest is null ? null : new Shortlist(all, cheapest, dearest);
    }

    /// <summary>Fills in what those that can be cheapest would cost, and finds the dearest candidate of all.</summary>
    /// <returns>The position of the dearest among all candidates.</returns>
    public int Price(Span<double> costs, CandidateSet all, double text, bool hasTools, double output)
    {
        for (int i = 0; i < _positions.Length; i++)
        {
            costs[i] = all.CostOf(_positions[i], text, hasTools, output);
        }

        (int dearest, double highest) = (-1, double.NegativeInfinity);
        foreach (int position in _dearest)
        {
            double cost = all.CostOf(position, text, hasTools, output);
            (dearest, highest) = cost > highest ? (position, cost) : (dearest, highest);
        }

        return dearest;
    }

    /// <summary>Gets the positions among all candidates of some on the list.</summary>
    public void ToAll(Span<int> listed)
    {
        foreach (ref int position in listed)
        {
            position = _positions[position];
        }
    }

    private static int[]? Unbeaten(CandidateSet all, int[] order, int depth, int sign, int most)
    {
        List<int> listed = [];
        foreach (int candidate in order)
        {
            int beaters = 0;
            for (int i = 0; i < listed.Count && beaters < depth; i++)
            {
                beaters += Beats(all, listed[i], candidate, sign) ? 1 : 0;
            }

            if (beaters < depth)
            {
                listed.Add(candidate);
            }

            if (listed.Count > most)
            {
                return null;
            }
        }

        listed.Sort();
        return [.. listed];
    }

    private static bool Beats(CandidateSet all, int one, int other, int sign) =>
        sign * all.TextRate[one] < sign * all.TextRate[other]
        && sign * all.OutputRate[one] < sign * all.OutputRate[other]
        && sign * all.ToolFee[one] <= sign * all.ToolFee[other]
        && sign * all.Fee[one] <= sign * all.Fee[other];
}
