using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Models;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LatencyTableTests
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public void Unobserved_deployment_has_no_expectation()
    {
        var table = new LatencyTable(1, _time);
        Assert.That(table.FirstTokenMs[0], Is.NaN);
        Assert.That(table.PerTokenMs[0], Is.NaN);
    }

    [Test]
    public void Peak_counts_at_once_and_calm_only_by_and_by()
    {
        var table = new LatencyTable(1, _time);
        table.Record(0, TimeSpan.FromMilliseconds(100), TimeSpan.Zero, 0);
        table.Record(0, TimeSpan.FromMilliseconds(900), TimeSpan.Zero, 0);
        Assert.That(table.FirstTokenMs[0], Is.EqualTo(900));

        _time.Advance(TimeSpan.FromSeconds(30));
        table.Record(0, TimeSpan.FromMilliseconds(100), TimeSpan.Zero, 0);

        // After one time constant: 900 - 800 * (1 - 1/e).
        Assert.That(table.FirstTokenMs[0], Is.EqualTo(394.3).Within(0.1));
    }

    [Test]
    public void Time_per_token_is_of_the_tokens_after_the_first()
    {
        var table = new LatencyTable(1, _time);
        table.Record(0, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500), 51);
        Assert.That(table.PerTokenMs[0], Is.EqualTo(10));
        table.Record(0, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500), 1);
        Assert.That(table.PerTokenMs[0], Is.EqualTo(10), "one token says nothing about the time between tokens");
    }

    [Test]
    public void What_nobody_calls_fades_towards_the_unobserved_and_is_forgotten()
    {
        var table = new LatencyTable(2, _time);
        table.Record(0, TimeSpan.FromMilliseconds(2_250), TimeSpan.FromMilliseconds(4_900), 50);
        _time.Advance(TimeSpan.FromSeconds(30));
        table.Record(1, TimeSpan.FromMilliseconds(100), TimeSpan.Zero, 0);

        // After one time constant: 250 + 2000 / e, and 20 + 80 / e.
        Assert.That(table.FirstTokenMs[0], Is.EqualTo(985.8).Within(0.1));
        Assert.That(table.PerTokenMs[0], Is.EqualTo(49.4).Within(0.1));
        for (int i = 0; i < 300; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            table.Record(1, TimeSpan.FromMilliseconds(100), TimeSpan.Zero, 0);
        }

        Assert.That(table.FirstTokenMs[0], Is.NaN);
        Assert.That(table.PerTokenMs[0], Is.NaN);
        Assert.That(table.FirstTokenMs[1], Is.EqualTo(100), "what is called is kept");
    }

    [Test]
    public void Failure_counts_as_slow_however_fast_it_was()
    {
        var table = new LatencyTable(1, _time);
        table.Penalise(0, TimeSpan.FromMilliseconds(5));
        Assert.That(table.FirstTokenMs[0], Is.EqualTo(500), "twice the seed");

        table.Penalise(0, TimeSpan.FromMilliseconds(5));
        Assert.That(table.FirstTokenMs[0], Is.EqualTo(1_000));
        table.Penalise(0, TimeSpan.FromMinutes(2));
        Assert.That(table.FirstTokenMs[0], Is.EqualTo(30_000), "at most the longest penalty");
        table.Penalise(0, TimeSpan.FromMilliseconds(5));
        Assert.That(table.FirstTokenMs[0], Is.EqualTo(30_000));
    }

    [Test]
    public void Answers_are_expected_to_be_as_long_as_they_were_and_no_longer_than_they_may_be()
    {
        var table = new LatencyTable(1, _time);
        Assert.That(table.ExpectedOutput(4_096), Is.EqualTo(4_096), "nothing is known yet");

        table.Record(0, TimeSpan.FromSeconds(1), TimeSpan.Zero, 200);
        Assert.That(table.ExpectedOutput(4_096), Is.EqualTo(200));
        Assert.That(table.ExpectedOutput(50), Is.EqualTo(50));
        table.Record(0, TimeSpan.FromSeconds(1), TimeSpan.Zero, 300);
        Assert.That(table.ExpectedOutput(4_096), Is.EqualTo(205));
    }
}
