using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Routing;

/// <summary>A weighted sum of cost, latency and lack of quality, each scaled to 0..1 over the candidates; a term that all share counts for nothing.</summary>
internal sealed class BalancedPolicy(IOptions<BalancedRoutingOptions> options) : IRoutingPolicy
{
    // Read when the policy is made, so that weights that can't be used stop the start.
    private readonly BalancedRoutingOptions _weights = options.Value;

    public string Name => RoutingPolicies.Balanced;

    public void Score(in RouteContext context, Span<double> scores)
    {
        Range cost = Range.None, time = Range.None;
        for (int i = 0; i < scores.Length; i++)
        {
            if (double.IsFinite(context.Costs[i]))
            {
                cost = cost.With(context.Costs[i]);
                time = time.With(context.ExpectedMs(i));
            }
        }

        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = (_weights.Cost * cost.Scale(context.Costs[i]))
                + (_weights.Latency * time.Scale(context.ExpectedMs(i)))
                + (_weights.Quality * (1 - context.Deployments[i].Quality));
        }
    }

    private readonly record struct Range(double Low, double High)
    {
        public static Range None => new(double.PositiveInfinity, double.NegativeInfinity);

        public Range With(double value) => double.IsNaN(value) ? this : new(Math.Min(Low, value), Math.Max(High, value));

        // What was never observed gets the benefit of the doubt.
        public double Scale(double value) => High > Low && !double.IsNaN(value) ? (value - Low) / (High - Low) : 0;
    }
}
