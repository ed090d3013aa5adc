using System.Numerics;
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
        ScoreRange cost = ScoreRange.Of(costs, costs);

        // The scores are where the times are first written to: thousands need no memory of their own.
        ScoreRange time = _weights.Latency > 0 && context.TryGetExpectedMs(scores) ? ScoreRange.Of(scores, costs) : default;
        Add(context.Candidates.Quality, costs, scores, cost.Share(_weights.Cost), time.Share(_weights.Latency));
    }

    private void Add(ReadOnlySpan<double> quality, ReadOnlySpan<double> costs, Span<double> scores, ScoreRange.Term cost, ScoreRange.Term time)
    {
        int i = 0;
        var perQuality = new Vector<double>(_weights.Quality);
        for (; i <= scores.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector<double> score = (Vector<double>.One - new Vector<double>(quality[i..])) * perQuality;
            score = cost.IsNothing ? score : score + cost.Of(new Vector<double>(costs[i..]));
            score = time.IsNothing ? score : score + time.Of(new Vector<double>(scores[i..]));
            score.CopyTo(scores[i..]);
        }

        for (; i < scores.Length; i++)
        {
            double score = (1 - quality[i]) * _weights.Quality;
            score = cost.IsNothing ? score : score + cost.Of(costs[i]);
            scores[i] = time.IsNothing ? score : score + time.Of(scores[i]);
        }
    }
}
