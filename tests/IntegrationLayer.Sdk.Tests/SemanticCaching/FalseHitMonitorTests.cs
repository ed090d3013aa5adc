using IntegrationLayer.Sdk.SemanticCaching;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

public sealed class FalseHitMonitorTests
{
    [Test]
    public void All_right_for_long_relaxes()
    {
        FalseHitMonitor monitor = Weighed(0.1);

        FalseHitAlarm[] alarms = [.. Enumerable.Range(0, 60).Select(_ => monitor.Check(isRight: true))];

        Assert.That(alarms[^1], Is.EqualTo(FalseHitAlarm.Relax));
        Assert.That(monitor.Bounds.Upper, Is.LessThan(0.1));
        Assert.That(monitor.Totals, Is.EqualTo((60L, 0L)));
    }

    [Test]
    public void Some_wrong_tighten()
    {
        FalseHitMonitor monitor = Weighed(0.1);

        FalseHitAlarm[] alarms = [.. Enumerable.Range(0, 100).Select(i => monitor.Check(isRight: i % 5 != 0)).Where(static a => a is not FalseHitAlarm.None)];

        Assert.That(alarms, Has.Member(FalseHitAlarm.Tighten));
    }

    [Test]
    public void Many_wrong_disable()
    {
        FalseHitMonitor monitor = Weighed(0.01);

        FalseHitAlarm[] alarms = [.. Enumerable.Range(0, 3).Select(_ => monitor.Check(isRight: false))];

        Assert.That(alarms, Has.Member(FalseHitAlarm.Disable));
    }

    [Test]
    public void Exact_answers_count_against_the_rate()
    {
        var monitor = new FalseHitMonitor(0.1);
        for (int i = 0; i < 1_000; i++)
        {
            monitor.Count(isWeighed: i % 100 == 0);
        }

        FalseHitAlarm[] alarms = [.. Enumerable.Range(0, 50).Select(_ => monitor.Check(isRight: false))];

        Assert.That(alarms, Has.None.EqualTo(FalseHitAlarm.Tighten).And.None.EqualTo(FalseHitAlarm.Disable), "if all of a hundredth are wrong, a hundredth is");
    }

    [Test]
    public void What_is_long_ago_counts_less()
    {
        FalseHitMonitor monitor = Weighed(0.5);
        for (int i = 0; i < 1_000; i++)
        {
            monitor.Check(isRight: i >= 500 || i % 4 != 0);
        }

        Assert.That(monitor.Bounds.Upper, Is.LessThan(0.15));
    }

    private static FalseHitMonitor Weighed(double rate)
    {
        var monitor = new FalseHitMonitor(rate);
        monitor.Count(isWeighed: true);
        return monitor;
    }
}
