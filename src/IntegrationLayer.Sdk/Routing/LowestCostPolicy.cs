namespace IntegrationLayer.Sdk.Routing;

internal sealed class LowestCostPolicy : IPickingPolicy
{
    public string Name => RoutingPolicies.LowestCost;

    public void Score(in RouteContext context, Span<double> scores) => context.Costs.CopyTo(scores);

    // The costs are the scores: thousands need not be copied.
    public int Pick(in RouteContext context, Span<int> best) => LowestScores.Pick(context.Costs, context.Costs, best);
}
