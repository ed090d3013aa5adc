using System.Numerics;
using System.Runtime.InteropServices;

namespace IntegrationLayer.Sdk.Routing;

/// <summary>Picks the candidates of the lowest scores.</summary>
/// <remarks>By insertion into a short sorted list: the list is a few entries, and nearly all scores fail the first comparison, several at once.</remarks>
internal static class LowestScores
{
    /// <summary>Picks the lowest scores of those whose cost is finite, lowest first; of equal scores, the first.</summary>
    /// <returns>How many there are.</returns>
    public static int Pick(ReadOnlySpan<double> scores, ReadOnlySpan<double> costs, Span<int> best)
    {
        int count = 0;
        double worst = double.PositiveInfinity;
        int i = 0;
        for (; i <= scores.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            // The loop's condition keeps within the scores.
            if (Vector.LessThanAny(Vector.LoadUnsafe(ref MemoryMarshal.GetReference(scores), (nuint)i), new Vector<double>(worst)))
            {
                Insert(i, i + Vector<double>.Count, scores, costs, best, ref count, ref worst);
            }
        }

        Insert(i, scores.Length, scores, costs, best, ref count, ref worst);
        return count;
    }

    private static void Insert(int from, int to, ReadOnlySpan<double> scores, ReadOnlySpan<double> costs, Span<int> best, ref int count, ref double worst)
    {
        for (int candidate = from; candidate < to; candidate++)
        {
            double score = scores[candidate];
            if (!(score < worst) || !double.IsFinite(costs[candidate]))
            {
                continue;
            }

            int at = count < best.Length ? count++ : count - 1;
            for (; at > 0 && scores[best[at - 1]] > score; at--)
            {
                best[at] = best[at - 1];
            }

            best[at] = candidate;
            worst = count == best.Length ? scores[best[^1]] : double.PositiveInfinity;
        }
    }
}
