using IntegrationLayer.Sdk.Caching;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Caching;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SharedCacheWatchTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogger<SharedCacheWatch> _logger = new();
    private readonly SharedCacheWatch _watch;

    public SharedCacheWatchTests() => _watch = new SharedCacheWatch(_logger, _time);

    private int[] Logged => [.. _logger.Collector.GetSnapshot().Select(static r => r.Id.Id)];

    [Test]
    public void Outage_is_told_once_and_so_is_its_end()
    {
        _watch.Succeeded(isWriting: false);
        for (int i = 0; i < 3; i++)
        {
            _watch.Failed(new TimeoutException("too slow"), isWriting: false);
        }

        _watch.Succeeded(isWriting: false);
        _watch.Succeeded(isWriting: false);
        _watch.Failed(new TimeoutException("too slow"), isWriting: false);
        Assert.That(Logged, Is.EqualTo(new[] { 1130, 1131, 1130 }));
        Assert.That(_logger.LatestRecord.Message, Does.Contain("too slow"));
    }

    [Test]
    public void Store_that_takes_no_writes_can_still_be_read()
    {
        _watch.Failed(new TimeoutException("full"), isWriting: true);
        _watch.Succeeded(isWriting: false);
        _watch.Failed(new TimeoutException("full"), isWriting: true);
        Assert.That(Logged, Is.EqualTo(new[] { 1130 }));
        Assert.That(_logger.LatestRecord.Message, Does.Contain("written"));
    }

    [Test]
    public void Rejected_payloads_are_counted_each_and_told_of_once_a_minute()
    {
        int counted = 0;
        _watch.LookedUp += (result, _) => counted += result is SharedCacheResult.Rejected ? 1 : 0;
        for (int i = 0; i < 5; i++)
        {
            _watch.Note(SharedCacheResult.Rejected, _watch.Now);
        }

        _time.Advance(TimeSpan.FromMinutes(2));
        _watch.Note(SharedCacheResult.Rejected, _watch.Now);
        Assert.That(counted, Is.EqualTo(6));
        Assert.That(Logged, Is.EqualTo(new[] { 1132, 1132 }));
        Assert.That(_logger.LatestRecord.Message, Does.Contain("5 payloads"));
    }
}
