using System.Buffers;
using System.Numerics;

namespace IntegrationLayer.Sdk.Routing;

/// <summary>Asks the named policy for scores and picks the lowest ones.</summary>
internal sealed class PolicyRouter(RoutingPolicyTable policies) : IRouter
{
    private const int StackScores = 256;

    public int Rank(in RouteContext context, Span<int> best)
    {
        IRoutingPolicy policy = policies.Find(context.Policy);
        if (policy is LowestCostPolicy)
        {
            // The costs are the scores: thousands need not be copied.
            return PickLowest(context.Costs, context.Costs, best);
        }

        int count = context.Deployments.Length;
        double[]? rented = count > StackScores ? ArrayPool<double>.Shared.Rent(count) : null;
        Span<double> scores = rented is null ? stackalloc double[StackScores] : rented;
        scores = scores[..count];
        try
        {
            policy.Score(context, scores);
            return PickLowest(scores, context.Costs, best);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<double>.Shared.Return(rented);
            }
        }
    }

    // Insertion into a short sorted list: the list is a few entries, and nearly all scores fail the first comparison, several at once.
    private static int PickLowest(ReadOnlySpan<double> scores, ReadOnlySpan<double> costs, Span<int> best)
    {
        int count = 0;
        double worst = double.PositiveInfinity;
        int i = 0;
        for (; i <= scores.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            if (Vector.LessThanAny(new Vector<double>(scores[i..]), new Vector<double>(worst)))
            {
                for (int each = i; each < i + Vector<double>.Count; each++)
                {
                    Insert(each, scores, costs, best, ref count, ref worst);
                }
            }
        }

        for (; i < scores.Length; i++)
        {
            Insert(i, scores, costs, best, ref count, ref worst);
        }

        return count;
    }

    private static void Insert(int candidate, ReadOnlySpan<double> scores, ReadOnlySpan<double> costs, Span<int> best, ref int count, ref double worst)
    {
        double score = scores[candidate];
        if (!(score < worst) || !double.IsFinite(costs[candidate]))
        {
            return;
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
