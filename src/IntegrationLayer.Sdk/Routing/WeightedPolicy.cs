namespace IntegrationLayer.Sdk.Routing;

/// <summary>A random order in which each deployment is first with probability weight / sum of weights, and so on for the rest.</summary>
/// <remarks>Scores are exponential variates of rate weight (Efraimidis and Spirakis 2006): the smallest of them is a weighted draw without replacement.</remarks>
internal sealed class WeightedPolicy(RandomSource random) : IRoutingPolicy
{
    public string Name => RoutingPolicies.Weighted;

    public void Score(in RouteContext context, Span<double> scores)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            double weight = context.Deployments[i].Weight;
            scores[i] = weight > 0 ? -Math.Log(random.NextPositive()) / weight : double.PositiveInfinity;
        }
    }
}
