using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Redis.Caching;
using IntegrationLayer.Sdk.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Tests.Caching;

/// <summary>What one process invalidates, no process gives.</summary>
internal sealed class RedisInvalidationTests : RedisCacheTest
{
    private static IEnumerable<TestCaseData> Invalidations()
    {
        yield return Case("request", static i => i.InvalidateAsync(Request("acme")), true);
        yield return Case("tag", static i => i.InvalidateTagAsync("prices"), true);
        yield return Case("another tag", static i => i.InvalidateTagAsync("stock"), false);
        yield return Case("tenant", static i => i.InvalidateTenantAsync("acme"), true);
        yield return Case("another tenant", static i => i.InvalidateTenantAsync("other"), false);
        yield return Case("model", static i => i.InvalidateModelAsync("small"), true);
        yield return Case("all", static i => i.InvalidateAllAsync(), true);
    }

    [TestCaseSource(nameof(Invalidations))]
    public async Task Invalidated_in_one_process_is_given_by_none(Func<IResponseCacheInvalidator, ValueTask> invalidate, bool isGone)
    {
        CacheProcess one = await OpenAsync();
        CacheProcess other = await OpenAsync();
        await AskAsync(one);
        await AskAsync(other);
        Task heard = other.HeardAsync();
        await invalidate(one.Invalidator);
        await heard;

        Assert.That(await AskAsync(other), Is.EqualTo(isGone ? CacheOutcome.Miss : CacheOutcome.Hit), "which had it in memory");
        Assert.That(await AskAsync(await OpenAsync()), Is.EqualTo(CacheOutcome.Hit), "what was asked for afterwards is shared");
    }

    [Test]
    public async Task Invalidated_answer_isnt_given_by_a_process_that_begins_later()
    {
        CacheProcess one = await OpenAsync();
        await AskAsync(one);
        IDatabase redis = await one.Get<RedisConnection>().GetDatabaseAsync();
        await one.Invalidator.InvalidateTagAsync("prices");
        Assert.That(await redis.KeyExistsAsync("il:cache:invalidations"));
        Assert.That(await AskAsync(Keep(new CacheProcess(Server.ConnectionString))), Is.EqualTo(CacheOutcome.Miss));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Process_that_was_cut_off_during_the_broadcast_learns_of_it_when_it_is_connected_again(bool isFlushedMeanwhile)
    {
        await using FaultProxy proxy = FaultProxy.Start(new Uri($"http://{Server.ConnectionString}"));
        CacheProcess one = await OpenAsync();
        CacheProcess other = await Keep(new CacheProcess(proxy.Address.Authority)).ListeningAsync();
        await AskAsync(one);
        CacheOutcome before = await AskAsync(other);
        Task heard = other.HeardAsync();
        proxy.TakeDown();
        await one.Invalidator.InvalidateTagAsync("prices");
        if (isFlushedMeanwhile)
        {
            await Server.FlushAsync();
        }

        proxy.BringUp();
        await heard;

        Assert.That(before, Is.EqualTo(CacheOutcome.Hit));
        Assert.That(await AskAsync(other), Is.EqualTo(CacheOutcome.Miss));
    }

    [Test]
    public async Task Process_that_missed_the_message_learns_of_it_when_it_looks()
    {
        CacheProcess process = await OpenAsync();
        await AskAsync(process);
        Task heard = process.HeardAsync();
        IDatabase redis = await process.Get<RedisConnection>().GetDatabaseAsync();
        ulong label = process.Get<CacheKeyRing>().Label(CacheLabelKind.Tag, "prices");
        await redis.SortedSetAddAsync("il:cache:invalidations", $"{label:x16}", process.Get<CacheInvalidations>().Current + 1);
        CacheOutcome before = await AskAsync(process);
        await heard;

        Assert.That(before, Is.EqualTo(CacheOutcome.Hit), "nobody told it");
        Assert.That(await AskAsync(process), Is.EqualTo(CacheOutcome.Miss));
    }

    [Test]
    public async Task Message_after_a_time_without_any_is_heard_at_once()
    {
        // Time stands still, so that nobody looks without having been told.
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        CacheProcess one = await OpenAsync();
        CacheProcess other = Keep(new CacheProcess(Server.ConnectionString, time));
        var feed = other.Get<RedisInvalidationFeed>();
        feed.Listen();
        await PassAsync(time, feed.Listening.Task);
        IDatabase redis = await one.Get<RedisConnection>().GetDatabaseAsync();
        for (int i = 1; i <= 3; i++)
        {
            Task found = other.HeardAsync();
            await redis.SortedSetAddAsync("il:cache:invalidations", $"{i:x16}", other.Get<CacheInvalidations>().Current + 1);
            await PassAsync(time, found);
        }

        Task heard = other.HeardAsync();
        await one.Invalidator.InvalidateTagAsync("prices");
        await heard;
    }

    [Test]
    public async Task Process_that_doesnt_reach_redis_gives_what_was_invalidated_elsewhere_no_longer_than_memory_keeps_it()
    {
        var time = new MovableClock();
        await using FaultProxy proxy = FaultProxy.Start(new Uri($"http://{Server.ConnectionString}"));
        CacheProcess one = await OpenAsync();
        CacheProcess other = await Keep(new CacheProcess(proxy.Address.Authority, time)).ListeningAsync();
        await AskAsync(other);
        proxy.TakeDown();
        await one.Invalidator.InvalidateTagAsync("prices");
        CacheOutcome meanwhile = await AskAsync(other);
        time.Advance(TimeSpan.FromSeconds(61));

        Assert.That(meanwhile, Is.EqualTo(CacheOutcome.Hit));
        Assert.That(await AskAsync(other), Is.EqualTo(CacheOutcome.Miss));
    }

    [Test]
    [Property("FaultMatrix", "40")]
    public async Task Redis_that_lost_its_data_makes_everything_older_invalid()
    {
        CacheProcess one = await OpenAsync();
        await AskAsync(one);
        Task heard = one.HeardAsync();
        await Server.FlushAsync();
        await OpenAsync();

        // Who looks first tells nobody; the next invalidation does.
        await (await OpenAsync()).Invalidator.InvalidateTagAsync("something else");
        await heard;
        Assert.That(await AskAsync(one), Is.EqualTo(CacheOutcome.Miss));
    }

    [Test]
    public async Task Redis_that_came_back_with_older_data_makes_everything_older_invalid()
    {
        CacheProcess one = await OpenAsync();
        await AskAsync(one);
        IDatabase redis = await one.Get<RedisConnection>().GetDatabaseAsync();
        byte[] old = (await redis.KeyDumpAsync("il:cache:invalidations"))!;
        await one.Invalidator.InvalidateTagAsync("something else");
        await AskAsync(one);
        await redis.ExecuteAsync("RESTORE", "il:cache:invalidations", 0, old, "REPLACE");
        await one.Invalidator.InvalidateTagAsync("nothing");

        Assert.That(await AskAsync(one), Is.EqualTo(CacheOutcome.Miss));
    }

    [Test]
    public async Task Invalidation_while_redis_is_away_holds_here_and_is_told_when_it_is_back()
    {
        await using FaultProxy proxy = FaultProxy.Start(new Uri($"http://{Server.ConnectionString}"));
        CacheProcess one = await Keep(new CacheProcess(proxy.Address.Authority)).ListeningAsync();
        CacheProcess other = await OpenAsync();
        await AskAsync(one);
        await AskAsync(other);
        Task heard = other.HeardAsync();
        proxy.TakeDown();
        await Assert.ThatAsync(() => one.Invalidator.InvalidateTagAsync("prices").AsTask(), Throws.TypeOf<CacheInvalidationException>().With.Message.Contains("as soon as Redis is there again"));
        await Assert.ThatAsync(() => one.Invalidator.InvalidateTagAsync("prices").AsTask(), Throws.TypeOf<CacheInvalidationException>());
        CacheOutcome here = await AskAsync(one);
        proxy.BringUp();
        await heard;

        Assert.That(here, Is.EqualTo(CacheOutcome.Miss));
        Assert.That(await AskAsync(other), Is.EqualTo(CacheOutcome.Miss));
        while (await AskAsync(one) is not CacheOutcome.Hit)
        {
            await Task.Yield();
        }
    }

    [Test]
    public async Task Redis_keeps_a_bounded_number_of_invalidations()
    {
        CacheProcess one = await OpenAsync();
        IDatabase redis = await one.Get<RedisConnection>().GetDatabaseAsync();
        await redis.SortedSetAddAsync("il:cache:invalidations", [.. Enumerable.Range(1, 10_000).Select(i => new SortedSetEntry($"{i:x16}", i))]);
        await AskAsync(one);
        await one.Invalidator.InvalidateTagAsync("prices");

        Assert.That(await redis.SortedSetLengthAsync("il:cache:invalidations"), Is.InRange(4_900, 5_100));
        Assert.That(await redis.SortedSetScoreAsync("il:cache:invalidations", "floor"), Is.InRange(4_900, 5_100));
    }

    [Test]
    public async Task Cancelled_invalidation_is_told_all_the_same()
    {
        CacheProcess one = await OpenAsync();
        CacheProcess other = await OpenAsync();
        await AskAsync(other);
        Task heard = other.HeardAsync();
        await Assert.ThatAsync(() => one.Invalidator.InvalidateAllAsync(new CancellationToken(canceled: true)).AsTask(), Throws.InstanceOf<OperationCanceledException>());
        await heard;
        Assert.That(await AskAsync(other), Is.EqualTo(CacheOutcome.Miss));
    }

    [Test]
    public async Task Invalidations_reach_processes_that_keep_their_answers_in_a_hybrid_cache()
    {
        CacheProcess one = await OpenHybridAsync();
        CacheProcess other = await OpenHybridAsync();
        await AskAsync(one);
        CacheOutcome shared = await AskAsync(other);
        Task heard = other.HeardAsync();
        await one.Invalidator.InvalidateTagAsync("prices");
        await heard;

        Assert.That(shared, Is.EqualTo(CacheOutcome.Hit));
        Assert.That(await AskAsync(other), Is.EqualTo(CacheOutcome.Miss));
    }

    [Test]
    public async Task Invalidations_reach_processes_that_keep_their_answers_in_their_memory_and_run_no_hosted_services()
    {
        CacheProcess one = await OpenAsync();
        CacheProcess other = Keep(new CacheProcess(Server.ConnectionString, register: static b =>
        {
            b.Services.Replace(ServiceDescriptor.Singleton<IResponseCache, InMemoryResponseCache>());
            b.UseRedisCacheInvalidation();
        }));
        _ = other.Client;
        await other.Get<RedisInvalidationFeed>().Listening.Task;
        await AskAsync(other);
        CacheOutcome before = await AskAsync(other);
        Task heard = other.HeardAsync();
        await one.Invalidator.InvalidateTagAsync("prices");
        await heard;

        Assert.That((before, await AskAsync(other)), Is.EqualTo((CacheOutcome.Hit, CacheOutcome.Miss)));
    }

    private static async Task PassAsync(FakeTimeProvider time, Task until)
    {
        while (!until.IsCompleted)
        {
            time.Advance(RedisInvalidationFeed.Pause);
            await Task.Yield();
        }
    }

    private static LlmRequest Request(string tenant) => new("hello")
    {
        Context = new LlmRequestContext { TenantId = tenant },
        Caching = CacheDirective.Default with { Tags = ["prices"] },
    };

    private static TestCaseData Case(string name, Func<IResponseCacheInvalidator, ValueTask> invalidate, bool isGone) =>
        new(invalidate, isGone) { TestName = $"Invalidated_in_one_process_is_given_by_none({name})" };

    private static Task<CacheOutcome> AskAsync(CacheProcess process) => process.AskAsync(Request("acme"));

    private Task<CacheProcess> OpenHybridAsync() => Keep(new CacheProcess(Server.ConnectionString, register: builder =>
    {
        builder.Services.AddStackExchangeRedisCache(o => o.Configuration = Server.ConnectionString);
        builder.UseHybridCache(o => o.Timeout = TimeSpan.FromSeconds(5));
    })).ListeningAsync();
}
