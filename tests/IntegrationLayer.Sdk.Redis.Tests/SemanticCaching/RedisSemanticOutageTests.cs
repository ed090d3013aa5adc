using IntegrationLayer.Sdk.Redis.SemanticCaching;
using IntegrationLayer.Sdk.SemanticCaching;
using IntegrationLayer.Sdk.TestSupport.Redis;
using IntegrationLayer.Sdk.TestSupport.SemanticCaching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Redis.Tests.SemanticCaching;

/// <summary>What the index does when Redis is away, slow, or too old.</summary>
internal sealed class RedisSemanticOutageTests
{
    private static readonly float[] Vector = [1, 0, 0, 0];

    [Test]
    public async Task Redis_without_vector_sets_is_named_with_the_cure()
    {
        await using RedisServer old = await RedisServer.StartNewAsync();
        await using var host = new IndexHost(old.ConnectionString, "il");

        Assert.That(
            async () => await host.Index.SearchAsync("one", Vector, 1, CancellationToken.None),
            Throws.TypeOf<SemanticIndexException>().With.Message.Contains("unknown command").And.Message.Contains("Redis 8"));
        Assert.That(
            async () => await host.Index.AddAsync(Entries.Of("question"), Vector, CancellationToken.None),
            Throws.TypeOf<SemanticIndexException>().With.Message.Contains("Redis 8"));
    }

    [Test]
    public async Task Frozen_redis_costs_the_time_limit_and_soon_nothing()
    {
        await using RedisServer frozen = await RedisServer.StartNewAsync();
        await using var host = new IndexHost(frozen.ConnectionString, "il", new RedisSemanticIndexOptions { Timeout = TimeSpan.FromMilliseconds(20) });
        await host.DatabaseAsync();
        frozen.Pause();

        for (int i = 0; i < 5; i++)
        {
            Assert.That(async () => await host.Index.SearchAsync("one", Vector, 1, CancellationToken.None), Throws.TypeOf<RedisUnavailableException>().With.Message.Contains("20 ms"));
        }

        Assert.That(async () => await host.Index.SearchAsync("one", Vector, 1, CancellationToken.None), Throws.TypeOf<RedisUnavailableException>().With.Message.Contains("tried again"));
        frozen.Resume();
    }

    [TestCase(50, 100_000, IndexHost.InstallationKey, true, null)]
    [TestCase(0, 100_000, IndexHost.InstallationKey, true, "Timeout is 00:00:00")]
    [TestCase(10_001, 100_000, IndexHost.InstallationKey, true, "set it from 1 ms to 10 s")]
    [TestCase(50, 15, IndexHost.InstallationKey, true, "MaxEntriesPerPartition is 15")]
    [TestCase(50, 10_000_001, IndexHost.InstallationKey, true, "set it from 16 to 10000000")]
    [TestCase(50, 100_000, null, true, "InstallationKey is not set")]
    [TestCase(50, 100_000, IndexHost.InstallationKey, false, "Call UseSemanticCache too")]
    public async Task Mistake_stops_the_start(int milliseconds, int most, string? key, bool isUsed, string? error)
    {
        ServiceCollection services = new();
        IIntegrationLayerBuilder builder = services.AddIntegrationLayer(o => o.Portkey.Endpoint = new Uri("http://localhost:8787/v1/")).UseRedis("localhost").UseRedisSemanticIndex(o =>
        {
            o.Timeout = TimeSpan.FromMilliseconds(milliseconds);
            o.MaxEntriesPerPartition = most;
        });
        builder.UseExactMatchCache(o => o.InstallationKey = key);
        if (isUsed)
        {
            builder.UseSemanticCache();
        }

        await using ServiceProvider provider = services.BuildServiceProvider();
        IOptions<RedisSemanticIndexOptions> options = provider.GetRequiredService<IOptions<RedisSemanticIndexOptions>>();
        Assert.That(() => options.Value, error is null ? Throws.Nothing : Throws.TypeOf<OptionsValidationException>().With.Message.Contains(error));
        Assert.That(error is not null || provider.GetRequiredService<ISemanticIndex>() is RedisSemanticIndex, "the order of the calls doesn't matter");
    }
}
