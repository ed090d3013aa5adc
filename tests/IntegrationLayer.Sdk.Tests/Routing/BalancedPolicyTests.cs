using FsCheck;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Routing;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Tests.Routing;

internal sealed class BalancedPolicyTests
{
    // A cost of 0 stands for one that can't serve, a time of 0 for one that was never observed.
    [FsCheck.NUnit.Property(MaxTest = 300)]
    public void Scores_are_the_weighted_sum_that_a_plain_reading_gives((byte Cost, byte Time, byte PerToken, byte Quality)[] offers, bool isConsecutive, PositiveInt latencyWeight)
    {
        var options = new BalancedRoutingOptions { Latency = latencyWeight.Get % 3 / 2d };
        int count = offers.Length;
        CandidateColumns candidates = RouteContexts.Columns(offers.Select((o, i) => (isConsecutive ? i : 2 * i, o.Quality / 255d, 1d)));
        double[] costs = [.. offers.Select(o => o.Cost == 0 ? double.PositiveInfinity : o.Cost)];
        var latencies = new LatencyTable(2 * count, TimeProvider.System);
        foreach ((Deployment deployment, (byte _, byte time, byte perToken, byte _)) in candidates.Deployments.Zip(offers))
        {
            if (time > 0)
            {
                latencies.Record(deployment.Index, TimeSpan.FromMilliseconds(time), TimeSpan.FromMilliseconds(perToken), perToken > 0 ? 2 : 0);
            }
        }

        double[] scores = new double[count];
        new BalancedPolicy(Options.Create(options)).Score(RouteContexts.Of(candidates, costs, latencies, outputTokens: 10), scores);

        for (int i = 0; i < count; i++)
        {
            if (double.IsFinite(costs[i]))
            {
                double expected = (options.Quality * (1 - candidates.Quality[i])) + Term(options.Cost, i, costs) + Term(options.Latency, i, Times());
                Assert.That(scores[i], Is.EqualTo(expected).Within(1e-12));
            }
        }

        double[] Times() => [.. offers.Select(o => o.Time == 0 ? double.NaN : o.Time + (10d * o.PerToken))];

        double Term(double weight, int at, double[] values)
        {
            double[] known = [.. values.Where((v, j) => double.IsFinite(costs[j]) && !double.IsNaN(v))];
            return known.Length == 0 || known.Max() == known.Min() || double.IsNaN(values[at]) ? 0 : weight * (values[at] - known.Min()) / (known.Max() - known.Min());
        }
    }
}
