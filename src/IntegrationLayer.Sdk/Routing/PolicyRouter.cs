using System.Buffers;

namespace IntegrationLayer.Sdk.Routing;

/// <summary>Asks the named policy for scores and picks the lowest ones.</summary>
internal sealed class PolicyRouter(RoutingPolicyTable policies) : IRouter
{
    private const int StackScores = 256;

    public int Rank(in RouteContext context, Span<int> best)
    {
        IRoutingPolicy policy = policies.Find(context.Policy);
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

    // Insertion into a short sorted list: the list is a few entries, and nearly all scores fail the first comparison.
    private static int PickLowest(ReadOnlySpan<double> scores, ReadOnlySpan<double> costs, Span<int> best)
    {
        int count = 0;
        double worst = double.PositiveInfinity;
        for (int i = 0; i < scores.Length; i++)
        {
            if (!(scores[i] < worst) || !double.IsFinite(costs[i]))
            {
                continue;
            }

            int at = count < best.Length ? count++ : count - 1;
            for (; at > 0 && scores[best[at - 1]] > scores[i]; at--)
            {
                best[at] = best[at - 1];
            }

            best[at] = i;
            worst = count == best.Length ? scores[best[^1]] : double.PositiveInfinity;
        }

        return count;
    }
}
