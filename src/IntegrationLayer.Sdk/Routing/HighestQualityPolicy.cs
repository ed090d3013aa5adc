namespace IntegrationLayer.Sdk.Routing;

/// <summary>Best first. Cost only separates equals: a dollar weighs less than the smallest step of quality anyone sets.</summary>
internal sealed class HighestQualityPolicy : IRoutingPolicy
{
    private const double PerUsd = 1e-9;

    public string Name => RoutingPolicies.HighestQuality;

    public void Score(in RouteContext context, Span<double> scores)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = (PerUsd * Math.Min(context.Costs[i], 1e6)) - context.Deployments[i].Quality;
        }
    }
}
