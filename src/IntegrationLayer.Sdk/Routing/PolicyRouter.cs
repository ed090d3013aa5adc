using System.Buffers;

namespace IntegrationLayer.Sdk.Routing;

/// <summary>Asks the named policy for scores and picks the lowest ones.</summary>
internal sealed class PolicyRouter(RoutingPolicyTable policies) : IRouter
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
            return LowestScores.Pick(scores, context.Costs, best);
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
