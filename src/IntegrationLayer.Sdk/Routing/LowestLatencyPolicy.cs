namespace IntegrationLayer.Sdk.Routing;

/// <summary>Shortest expected time first; one that was never observed counts as immediate, so that it gets observed.</summary>
internal sealed class LowestLatencyPolicy : IRoutingPolicy
{
    public string Name => RoutingPolicies.LowestLatency;

    public void Score(in RouteContext context, Span<double> scores)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            double expected = context.ExpectedMs(i);
            scores[i] = double.IsNaN(expected) ? 0 : expected;
        }
    }
}
