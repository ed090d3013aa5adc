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
}
