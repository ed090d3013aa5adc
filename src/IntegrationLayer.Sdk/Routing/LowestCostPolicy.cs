namespace IntegrationLayer.Sdk.Routing;

internal sealed class LowestCostPolicy : IRoutingPolicy
{
    public string Name => RoutingPolicies.LowestCost;

    public void Score(in RouteContext context, Span<double> scores) => context.Costs.CopyTo(scores);
}
