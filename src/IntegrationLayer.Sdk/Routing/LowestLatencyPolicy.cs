namespace IntegrationLayer.Sdk.Routing;

/// <summary>Shortest expected time first; one that was never observed counts as immediate until a call to it is under way, so that it gets observed, and not by everybody at once.</summary>
internal sealed class LowestLatencyPolicy : IRoutingPolicy
{
    public string Name => RoutingPolicies.LowestLatency;

    public void Score(in RouteContext context, Span<double> scores)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            double expected = context.ExpectedMs(i);
            scores[i] = !double.IsNaN(expected) ? expected : context.InFlight(i) == 0 ? 0 : context.UnobservedMs;
        }
    }
}
