namespace IntegrationLayer.Sdk.Routing;

/// <summary>The less loaded of two drawn at random first, the others by their load.</summary>
internal sealed class LeastLoadedPolicy(RandomSource random) : IRoutingPolicy
{
    public string Name => RoutingPolicies.LeastLoaded;

    public void Score(in RouteContext context, Span<double> scores)
    {
        scores.Clear();
        if (context.Costs.IndexOfAnyExcept(double.PositiveInfinity) < 0)
        {
            return;
        }

        int first = Balancer.Choose(context, scores, score: 0, random);
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = context.Load(i);
        }

        // Loads are over zero. A weight of zero means never, as under Weighted.
        scores[first] = double.IsFinite(scores[first]) ? 0 : scores[first];
    }
}
