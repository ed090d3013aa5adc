namespace IntegrationLayer.Sdk.Routing;

internal sealed class LowestCostPolicy(RandomSource random) : IPickingPolicy
{
    public string Name => RoutingPolicies.LowestCost;

    public void Score(in RouteContext context, Span<double> scores) => context.Costs.CopyTo(scores);

    // The costs are the scores: thousands need not be copied.
    public int Pick(in RouteContext context, Span<int> best)
    {
        int count = LowestScores.Pick(context.Costs, context.Costs, best);
        Balancer.Spread(context, context.Costs, best[..count], random);
        return count;
    }
}
