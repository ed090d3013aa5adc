using System.Diagnostics;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.TestSupport.Caching;

namespace IntegrationLayer.Sdk.Redis.Tests.Caching;

/// <summary>Redis that is away, slow or empty costs hits, and never a request.</summary>
internal sealed class RedisCacheOutageTests : RedisCacheTest
{
    [Test]
    [Property("FaultMatrix", "37")]
    public async Task Redis_down_at_the_start_is_a_counted_miss()
    {
        await Server.StopAsync();
        CacheProcess process = Keep(new CacheProcess(Server.ConnectionString));

        Assert.That(await process.AskAsync(), Is.EqualTo(CacheOutcome.Miss));
        Assert.That(await process.AskAsync(), Is.EqualTo(CacheOutcome.Hit), "from memory");
        Assert.That(process.SharedResults, Is.EqualTo(new[] { "error" }));
    }

    [Test]
    [Property("FaultMatrix", "37")]
    public async Task Redis_down_meanwhile_is_a_counted_miss_and_is_used_again_when_it_is_back()
    {
        CacheProcess process = await OpenAsync();
        await process.AskAsync("before");
        Task knowsThatAllIsLost = process.HeardAsync();
        await Server.StopAsync();
        CacheOutcome down = await process.AskAsync("while down");
        CacheOutcome known = await process.AskAsync("before");
        await Server.StartAsync();
        await knowsThatAllIsLost;
        await process.AskAsync("after");

        Assert.That((down, known), Is.EqualTo((CacheOutcome.Miss, CacheOutcome.Hit)));
        CacheProcess other = await OpenAsync();
        Assert.That(await other.AskAsync("after"), Is.EqualTo(CacheOutcome.Hit));
    }

    [TestCase(true)]
    [TestCase(false)]
    [Property("FaultMatrix", "38")]
    public async Task Redis_slow_is_waited_for_as_long_as_is_set_and_soon_not_at_all(bool isFrozen)
    {
        // The first look waits, and so do the next ones until the breaker opens; a write waits too.
        CacheProcess process = await OpenAsync();
        CacheProcess other = Keep(new CacheProcess(Server.ConnectionString, cache: o => o.Timeout = TimeSpan.FromMilliseconds(50)));
        await WarmUpAsync(other);
        if (isFrozen)
        {
            Server.Pause();
        }
        else
        {
            await Server.PauseClientsAsync(TimeSpan.FromSeconds(20));
        }

        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < 100; i++)
        {
            Assert.That(await other.AskAsync($"question {i}"), Is.EqualTo(CacheOutcome.Miss));
        }

        TimeSpan took = Stopwatch.GetElapsedTime(start);
        if (isFrozen)
        {
            Server.Resume();
        }

        Assert.That(other.SharedResults.Count(static r => r == "error"), Is.EqualTo(100));
        Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(5)), "a hundred that each waited would take twice as long");
        Assert.That(process.Model.Calls, Is.Zero);
    }

    [Test]
    [Property("FaultMatrix", "40")]
    public async Task Redis_flushed_is_a_miss_and_is_filled_again()
    {
        CacheProcess one = await OpenAsync();
        await one.AskAsync();
        await Server.FlushAsync();
        CacheProcess other = await OpenAsync();

        Assert.That(await other.AskAsync(), Is.EqualTo(CacheOutcome.Miss));
        Assert.That(await (await OpenAsync()).AskAsync(), Is.EqualTo(CacheOutcome.Hit));
    }

    [Test]
    [Property("FaultMatrix", "39")]
    public async Task Redis_that_takes_no_writes_is_still_read()
    {
        CacheProcess one = await OpenAsync();
        await one.AskAsync("before");
        CacheProcess other = await OpenAsync();
        await Server.MakeReadOnlyAsync();
        for (int i = 0; i < 8; i++)
        {
            Assert.That(await other.AskAsync($"question {i}"), Is.EqualTo(CacheOutcome.Miss));
        }

        Assert.That(await other.AskAsync("before"), Is.EqualTo(CacheOutcome.Hit));
        await Server.MakeWritableAsync();
    }

    [Test]
    [Property("FaultMatrix", "39")]
    public async Task Redis_that_is_full_is_still_read()
    {
        CacheProcess one = await OpenAsync();
        await one.AskAsync("before");
        CacheProcess other = await OpenAsync();
        await Server.CommandAsync("CONFIG SET maxmemory 1");

        Assert.That(await other.AskAsync("x"), Is.EqualTo(CacheOutcome.Miss));
        Assert.That(await other.AskAsync("before"), Is.EqualTo(CacheOutcome.Hit));
    }

    [Test]
    public async Task Cancelled_caller_doesnt_wait_for_redis()
    {
        CacheProcess one = await OpenAsync();
        Server.Pause();
        using var cancel = new CancellationTokenSource();
        Task<CachedAnswer?> reading = one.Shared.GetAsync(new CacheKey("k"), cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThatAsync(() => reading, Throws.InstanceOf<OperationCanceledException>());
        Server.Resume();
    }

    [Test]
    public async Task Answer_whose_time_is_over_isnt_written()
    {
        CacheProcess one = await OpenAsync();
        await one.Shared.SetAsync(new CacheKey("k"), Answers.Of("x", now: DateTimeOffset.UnixEpoch), default);
        Assert.That(await one.Shared.GetAsync(new CacheKey("k"), default), Is.Null);
    }

    // A busy machine may take longer for the first one, which connects, than the test lets Redis have.
    private static async Task WarmUpAsync(CacheProcess process)
    {
        await process.ListeningAsync();
        for (int i = 0; await process.AskAsync($"warm {i}") is var _ && !process.SharedResults.Contains("miss"); i++)
        {
            await Task.Yield();
        }

        process.Lookups.Clear();
    }
}
