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
        ReadOnlySpan<double> costs = context.Costs;
        Range cost = Range.None, time = Range.None;
        for (int i = 0; i < scores.Length; i++)
        {
            if (double.IsFinite(costs[i]))
            {
                cost = cost.With(costs[i]);
                time = time.With(context.ExpectedMs(i));
            }
        }

        for (int i = 0; i < scores.Length; i++)
        {
            double score = _weights.Quality * (1 - context.Deployments[i].Quality);
            score = cost.IsEmpty ? score : score + (_weights.Cost * cost.Scale(costs[i]));
            scores[i] = time.IsEmpty ? score : score + (_weights.Latency * time.Scale(context.ExpectedMs(i)));
        }
    }

    private readonly record struct Range(double Low, double High)
    {
        public static Range None => new(double.PositiveInfinity, double.NegativeInfinity);

        /// <summary>Gets a value indicating whether all values are the same, or none was seen.</summary>
        public bool IsEmpty => !(High > Low);

        // Comparisons leave NaN out.
        public Range With(double value) => new(value < Low ? value : Low, value > High ? value : High);

        // What was never observed gets the benefit of the doubt.
        public double Scale(double value) => double.IsNaN(value) ? 0 : (value - Low) / (High - Low);
    }
}
