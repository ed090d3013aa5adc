namespace IntegrationLayer.Sdk.Routing;

/// <summary>Lowest number first, the cheaper of equals: below a million dollars, cost can't reach from one number to the next.</summary>
internal sealed class PriorityPolicy : IRoutingPolicy
{
    private const double PerUsd = 1e-6;

    public string Name => RoutingPolicies.Priority;

    public void Score(in RouteContext context, Span<double> scores)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = context.Deployments[i].Priority + (PerUsd * Math.Min(context.Costs[i], 9e5));
        }
    }
}
