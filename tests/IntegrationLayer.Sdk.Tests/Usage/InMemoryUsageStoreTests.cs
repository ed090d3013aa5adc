using IntegrationLayer.Sdk.TestSupport.Usage;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Usage;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class InMemoryUsageStoreTests : UsageAnalyticsContract
{
    private readonly InMemoryUsageStore _store = new(1_000, new FakeTimeProvider(Now));

    protected override IUsageStore Store => _store;

    protected override IUsageAnalytics Analytics => _store;

    protected override Task FlushAsync() => Task.CompletedTask;

    [Test]
    public async Task Latest_records_are_kept_and_older_ones_make_room()
    {
        InMemoryUsageStore small = new(3, new FakeTimeProvider(Now));
        for (int i = 0; i < 10; i++)
        {
            small.Append(SampleRecords.Answered(Day().From.AddMinutes(i)));
        }

        UsageReport report = await small.QueryAsync(Day() with { Bucket = UsageBucket.Minute });

        Assert.That(report.Rows.Select(row => row.Start.Minute), Is.EqualTo([7, 8, 9]));
    }

    [Test]
    public async Task Records_of_many_threads_are_all_kept()
    {
        Parallel.For(0, 1_000, i => _store.Append(SampleRecords.Answered(Day().From.AddSeconds(i))));

        Assert.That((await _store.QueryAsync(Day())).Total.Requests, Is.EqualTo(1_000));
    }
}
