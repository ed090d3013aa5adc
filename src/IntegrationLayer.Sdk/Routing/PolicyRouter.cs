using System.Buffers;

namespace IntegrationLayer.Sdk.Routing;

/// <summary>Asks the named policy for scores and picks the lowest ones; among equals, load decides.</summary>
internal sealed class PolicyRouter(RoutingPolicyTable policies, RandomSource random) : IRouter
{
    private const int StackScores = 256;

    public int Rank(in RouteContext context, Span<int> best)
    {
        IRoutingPolicy policy = policies.Find(context.Policy);
        if (policy is IPickingPolicy picking)
        {
            return picking.Pick(context, best);
        }

        int count = context.Deployments.Length;
        double[]? rented = count > StackScores ? ArrayPool<double>.Shared.Rent(count) : null;
        Span<double> scores = rented is null ? stackalloc double[StackScores] : rented;
        scores = scores[..count];
        try
        {
            policy.Score(context, scores);
            int picked = LowestScores.Pick(scores, context.Costs, best);
            Balancer.Spread(context, scores, best[..picked], random);
            return picked;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<double>.Shared.Return(rented);
            }
        }
    }
}
