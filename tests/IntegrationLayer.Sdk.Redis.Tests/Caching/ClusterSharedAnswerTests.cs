using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.TestSupport.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Redis.Tests.Caching;

/// <summary>Answers that are shared over a cluster, which refuses what needs several keys at once.</summary>
internal sealed class ClusterSharedAnswerTests
{
    [Test]
    public async Task Answers_invalidations_and_calls_are_shared_over_a_cluster()
    {
        await using RedisServer server = await RedisServer.StartNewAsync(isCluster: true);
        await using CacheProcess one = await new CacheProcess(server.ConnectionString, register: static b => b.UseRedisCallSharing()).ListeningAsync();
        await using CacheProcess other = await new CacheProcess(server.ConnectionString, register: static b => b.UseRedisCallSharing()).ListeningAsync();
        await one.AskAsync();
        CacheOutcome shared = await other.AskAsync();
        Task heard = other.HeardAsync();
        await one.Invalidator.InvalidateAllAsync();
        await heard;

        Assert.That((shared, await other.AskAsync()), Is.EqualTo((CacheOutcome.Hit, CacheOutcome.Miss)));
        Assert.That(other.SharedResults, Has.None.EqualTo("error"));
    }
}
