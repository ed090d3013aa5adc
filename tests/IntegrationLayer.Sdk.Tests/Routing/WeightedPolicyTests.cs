using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Routing;

namespace IntegrationLayer.Sdk.Tests.Routing;

internal sealed class WeightedPolicyTests
{
    private const int Picks = 20_000;

    // Few run the race, many are drawn, and of many of whom most can't serve, the rest runs the race.
    [TestCase(20, 2)]
    [TestCase(300, 2)]
    [TestCase(300, 20)]
    public void Every_place_goes_to_each_candidate_in_proportion_to_its_weight_among_the_rest(int count, int oneServesOf)
    {
        var policy = new WeightedPolicy(new RandomSource(7));
        CandidateColumns candidates = RouteContexts.Columns(Enumerable.Range(0, count).Select(i => (i, 0.5, (double)(i % 3))));
        double[] costs = [.. Enumerable.Range(0, count).Select(i => i / 3 % oneServesOf == 0 ? 1 : double.PositiveInfinity)];
        int[] serving = [.. Enumerable.Range(0, count).Where(i => i % 3 > 0 && double.IsFinite(costs[i]))];
        (int single, int heavyFirst, int heavySecond) = (0, 0, 0);
        Span<int> best = stackalloc int[2];
        for (int i = 0; i < Picks; i++)
        {
            Assert.That(policy.Pick(RouteContexts.Of(candidates, costs), best), Is.EqualTo(2));
            Assert.That(serving, Does.Contain(best[0]).And.Contain(best[1]));
            single += best[0] == best[1] ? 1 : 0;
            heavyFirst += best[0] % 3 == 2 ? 1 : 0;
            heavySecond += best[1] % 3 == 2 ? 1 : 0;
        }

        double heavy = serving.Count(i => i % 3 == 2), light = serving.Length - heavy, sum = light + (2 * heavy);
        double first = 2 * heavy / sum;
        double second = (first * 2 * (heavy - 1) / (sum - 2)) + ((1 - first) * 2 * heavy / (sum - 1));
        Assert.That(single, Is.Zero);
        Assert.That(heavyFirst, Is.EqualTo(Picks * first).Within(5 * Math.Sqrt(Picks * first * (1 - first))), "five standard deviations");
        Assert.That(heavySecond, Is.EqualTo(Picks * second).Within(5 * Math.Sqrt(Picks * second * (1 - second))));
    }

    [TestCase(10)]
    [TestCase(100)]
    public void All_that_may_be_called_are_ranked_when_there_are_more_places(int count)
    {
        var policy = new WeightedPolicy(new RandomSource(1));
        CandidateColumns candidates = RouteContexts.Columns(Enumerable.Range(0, count).Select(i => (i, 0.5, i < 4 ? 1d : 0d)));
        double[] costs = [.. Enumerable.Repeat(1d, count)];
        costs[3] = double.PositiveInfinity;
        int[] best = new int[16];

        int picked = policy.Pick(RouteContexts.Of(candidates, costs), best);

        Assert.That(best[..picked], Is.EquivalentTo(new[] { 0, 1, 2 }));
    }

    [Test]
    public void Nobody_is_picked_when_all_weights_are_zero([Values(10, 100)] int count)
    {
        var policy = new WeightedPolicy(new RandomSource(1));
        CandidateColumns candidates = RouteContexts.Columns(Enumerable.Range(0, count).Select(i => (i, 0.5, 0d)));

        Assert.That(policy.Pick(RouteContexts.Of(candidates, [.. Enumerable.Repeat(1d, count)]), new int[3]), Is.Zero);
    }
}
