using IntegrationLayer.Sdk.SemanticCaching;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

public sealed class ShadowPlanTests
{
    [Test]
    public void No_more_is_checked_than_allowed()
    {
        var plan = new ShadowPlan(0.02, new RandomSource(1));

        int chosen = Enumerable.Range(0, 10_000).Count(i => plan.Choose($"question {i}", 0.5) is not ShadowCheck.None);

        Assert.That(chosen, Is.InRange(190, 200));
    }

    [Test]
    public void Nothing_is_checked_at_rate_zero()
    {
        var plan = new ShadowPlan(0, new RandomSource(1));

        Assert.That(Enumerable.Range(0, 1_000).Select(i => plan.Choose("question", 0.5)), Is.All.EqualTo(ShadowCheck.None));
    }

    [Test]
    public void Question_that_is_answered_at_a_risk_again_and_again_is_checked()
    {
        var plan = new ShadowPlan(0.02, new RandomSource(1));
        for (int i = 0; i < 1_000; i++)
        {
            plan.CountCertain();
        }

        ShadowCheck[] checks = [.. Enumerable.Range(0, 4).Select(_ => plan.Choose("question", 0.03))];

        Assert.That(checks, Has.One.EqualTo(ShadowCheck.Doubt));
    }

    [Test]
    public void Part_is_a_sample_whatever_the_risk()
    {
        var plan = new ShadowPlan(0.2, new RandomSource(1));

        int sampled = Enumerable.Range(0, 10_000).Count(i => plan.Choose($"question {i}", 0.0001) is ShadowCheck.Sample);

        Assert.That(sampled, Is.InRange(900, 1_100), "half of what is allowed");
    }
}
