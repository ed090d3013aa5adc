using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.TestSupport.Caching;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Tests.Caching;

/// <summary>Processes that share their answers over Redis.</summary>
internal sealed class SharedAnswerTests : RedisCacheTest
{
    [Test]
    public async Task Answer_of_one_process_is_given_by_another([Values] bool stream)
    {
        CacheProcess one = await OpenAsync();
        CacheProcess other = await OpenAsync();
        await one.AskAsync(stream: !stream);
        CacheOutcome outcome = await other.AskAsync(stream: stream);
        await other.AskAsync();

        Assert.That((outcome, other.Model.Calls), Is.EqualTo((CacheOutcome.Hit, 0)));
        Assert.That(other.SharedResults, Is.EqualTo(new[] { "hit" }), "and then it is in memory");
        Assert.That(one.SharedResults, Is.EqualTo(new[] { "miss" }));
    }

    [Test]
    public async Task Process_that_has_just_begun_gives_what_others_know()
    {
        await (await OpenAsync()).AskAsync();
        CacheProcess other = Keep(new CacheProcess(Server.ConnectionString));
        Assert.That(await other.AskAsync(), Is.EqualTo(CacheOutcome.Hit));
    }

    [Test]
    public async Task Look_takes_one_command()
    {
        CacheProcess process = await OpenAsync();
        await process.AskAsync();
        await using ConnectionMultiplexer admin = await ConnectionMultiplexer.ConnectAsync($"{Server.ConnectionString},allowAdmin=true");
        await Server.CommandAsync("CONFIG RESETSTAT");
        await process.Shared.GetAsync(new CacheKey("absent"), default);
        string stats = await admin.GetServers()[0].InfoRawAsync("commandstats") ?? "";

        Assert.That(stats, Does.Contain("cmdstat_getrange:calls=1").And.Not.Contain("cmdstat_get:").And.Not.Contain("cmdstat_strlen").And.Not.Contain("cmdstat_ttl"));
    }

    [Test]
    [Property("FaultMatrix", "41")]
    public async Task Cross_tenant_answers_are_neither_found_nor_readable_under_the_other_tenants_key()
    {
        CacheProcess one = await OpenAsync();
        await one.AskAsync(tenant: "acme");
        RedisKey first = (await KeysAsync(one)).Single();
        await one.AskAsync(tenant: "other");
        RedisKey second = (await KeysAsync(one)).Single(k => k != first);
        IDatabase redis = await one.Get<RedisConnection>().GetDatabaseAsync();
        await redis.StringSetAsync(second, await redis.StringGetAsync(first));
        CacheProcess later = await OpenAsync();

        Assert.That(await later.AskAsync(tenant: "acme"), Is.EqualTo(CacheOutcome.Hit));
        Assert.That(await later.AskAsync(tenant: "other"), Is.EqualTo(CacheOutcome.Miss));
        Assert.That(await later.AskAsync(), Is.EqualTo(CacheOutcome.Miss));
        Assert.That(later.SharedResults, Is.EqualTo(new[] { "hit", "rejected", "miss" }));
    }

    private static IEnumerable<TestCaseData> Poisons()
    {
        yield return new("foreign", (Func<byte[], byte[]>)(static _ => "{\"text\":\"poison\"}"u8.ToArray()));
        yield return new("truncated", (Func<byte[], byte[]>)(static p => p[..^1]));
        yield return new("changed", (Func<byte[], byte[]>)(static p => [.. p[..^20], (byte)(p[^20] ^ 1), .. p[^19..]]));
        yield return new("of an old schema", (Func<byte[], byte[]>)(static p => [0, .. p[1..]]));
        yield return new("huge", (Func<byte[], byte[]>)(static _ => new byte[3_000_000]));
    }

    [TestCaseSource(nameof(Poisons))]
    [Property("FaultMatrix", "41")]
    public async Task Poisoned_payload_is_rejected_counted_and_replaced(string kind, Func<byte[], byte[]> poison)
    {
        CacheProcess one = await OpenAsync();
        await one.AskAsync();
        IDatabase redis = await one.Get<RedisConnection>().GetDatabaseAsync();
        RedisKey key = (await KeysAsync(one)).Single();
        await redis.StringSetAsync(key, poison((byte[])(await redis.StringGetAsync(key))!));
        CacheProcess later = await OpenAsync();

        Assert.That(await later.AskAsync(), Is.EqualTo(CacheOutcome.Miss), kind);
        Assert.That(later.SharedResults, Is.EqualTo(new[] { "rejected" }));
        Assert.That(await (await OpenAsync()).AskAsync(), Is.EqualTo(CacheOutcome.Hit), "the new answer is in its place");
    }

    [Test]
    public async Task Key_that_holds_something_else_than_a_text_is_rejected()
    {
        CacheProcess one = await OpenAsync();
        await one.AskAsync();
        RedisKey key = (await KeysAsync(one)).Single();
        IDatabase redis = await one.Get<RedisConnection>().GetDatabaseAsync();
        await redis.KeyDeleteAsync(key);
        await redis.ListLeftPushAsync(key, "x");
        CacheProcess later = await OpenAsync();

        Assert.That(await later.AskAsync(), Is.EqualTo(CacheOutcome.Miss));
        Assert.That(later.SharedResults, Is.EqualTo(new[] { "rejected" }));
    }

    [Test]
    public async Task Answer_of_another_installation_isnt_read()
    {
        await (await OpenAsync()).AskAsync();
        CacheProcess stranger = Keep(new CacheProcess(Server.ConnectionString, exact: o => o.InstallationKey = "a secret of another installation, and of no other"));
        Assert.That(await stranger.AskAsync(), Is.EqualTo(CacheOutcome.Miss));
    }

    [Test]
    public async Task Answer_that_is_too_large_stays_in_memory()
    {
        CacheProcess one = await OpenAsync(o => o.MaxPayloadBytes = 1024);
        byte[] noise = new byte[3_000];
        new Random(1).NextBytes(noise);
        one.Model.Text = Convert.ToBase64String(noise);
        await one.AskAsync();

        Assert.That(await KeysAsync(one), Is.Empty);
        Assert.That(await one.AskAsync(), Is.EqualTo(CacheOutcome.Hit));
    }

    [Test]
    public async Task Negative_results_are_never_shared()
    {
        CacheProcess one = await OpenAsync();
        one.Model.Finish = Microsoft.Extensions.AI.ChatFinishReason.Length;
        await one.AskAsync("cut short");
        one.Model.Finish = Microsoft.Extensions.AI.ChatFinishReason.ContentFilter;
        await one.AskAsync("filtered");
        one.Model.OnCall = static _ => throw new InvalidOperationException("failed");
        await Assert.ThatAsync(() => one.AskAsync("failed"), Throws.InstanceOf<LlmException>());

        Assert.That(await KeysAsync(one), Is.Empty);
    }

    [Test]
    public async Task Answer_stays_in_redis_for_its_own_time()
    {
        CacheProcess one = await OpenAsync();
        await one.AskAsync(directive: CacheDirective.Default with { TimeToLive = TimeSpan.FromHours(2) });
        IDatabase redis = await one.Get<RedisConnection>().GetDatabaseAsync();
        Assert.That(await redis.KeyTimeToLiveAsync((await KeysAsync(one)).Single()), Is.GreaterThan(TimeSpan.FromHours(1.9)).And.LessThanOrEqualTo(TimeSpan.FromHours(2)));
    }

    [Test]
    public async Task Directive_decides_what_is_read_and_written()
    {
        CacheProcess one = await OpenAsync();
        CacheProcess other = await OpenAsync();
        await one.AskAsync(directive: CacheDirective.Bypass);
        bool isKept = (await KeysAsync(one)).Length > 0;
        await one.AskAsync();
        other.Model.Text = "new";
        await other.AskAsync(directive: CacheDirective.Refresh);

        Assert.That(isKept, Is.False);
        Assert.That((one.Model.Calls, other.Model.Calls), Is.EqualTo((2, 1)));
        Assert.That((await (await OpenAsync()).Client.GetResponseAsync("hello")).Text, Is.EqualTo("new"));
    }

    [Test]
    public async Task Stale_answer_that_another_process_asked_anew_isnt_asked_for_again()
    {
        var time = new MovableClock();
        CacheProcess one = Stale(time);
        CacheProcess other = Stale(time);
        await one.AskAsync();
        await other.AskAsync();
        time.Advance(TimeSpan.FromSeconds(11));
        one.Model.Text = "new";
        CacheOutcome stale = await one.AskAsync();
        while (await one.AskAsync() is CacheOutcome.StaleHit)
        {
            await Task.Yield();
        }

        LlmResponse response = await other.Client.GetResponseAsync("hello");
        Assert.That((stale, response.Receipt.Cache, response.Text), Is.EqualTo((CacheOutcome.StaleHit, CacheOutcome.Hit, "new")));
        Assert.That((one.Model.Calls, other.Model.Calls), Is.EqualTo((2, 0)));
    }

    [Test]
    [Property("FaultMatrix", "42")]
    public async Task Stampede_of_a_thousand_identical_requests_makes_one_call()
    {
        CacheProcess one = await OpenAsync();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        one.Model.OnCall = _ => release.Task;
        Task<CacheOutcome>[] asking = [.. Enumerable.Range(0, 1_000).Select(i => one.AskAsync(stream: i % 2 == 0))];
        release.SetResult();
        await Task.WhenAll(asking);

        Assert.That(one.Model.Calls, Is.EqualTo(1));
        Assert.That((await OpenAsync()).Model.Calls, Is.Zero);
    }

    private static async Task<RedisKey[]> KeysAsync(CacheProcess process)
    {
        ConnectionMultiplexer multiplexer = await process.Get<RedisConnection>().GetMultiplexerAsync();
        return [.. multiplexer.GetServers()[0].Keys(pattern: "il:cache:answer:*")];
    }

    private CacheProcess Stale(TimeProvider time) => Keep(new CacheProcess(
        Server.ConnectionString, time, exact: o => (o.TimeToLive, o.StaleWhileRevalidate) = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20))));
}
