using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Redis.SemanticCaching;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Tests.SemanticCaching;

/// <summary>An index over a server, as one process of an installation has it.</summary>
internal sealed class IndexHost : IAsyncDisposable
{
    public const string InstallationKey = "a secret of the whole installation";

    public IndexHost(string server, string prefix, RedisSemanticIndexOptions? options = null, string key = InstallationKey, TimeProvider? time = null)
    {
        Connection = new RedisConnection(Options.Create(new RedisOptions { Configuration = server, KeyPrefix = prefix }));
        Ring = new CacheKeyRing(Options.Create(new ExactMatchCacheOptions { InstallationKey = key }));
        Keys = new PartitionKeys(prefix, "one", Ring);
        Index = new RedisSemanticIndex(
            Connection, Ring, Options.Create(options ?? new RedisSemanticIndexOptions { Timeout = TimeSpan.FromSeconds(10) }), time ?? TimeProvider.System, new FakeLogger<RedisSemanticIndex>(Logs));
    }

    public RedisConnection Connection { get; }

    public CacheKeyRing Ring { get; }

    /// <summary>The names of what is kept of the partition <c>one</c>.</summary>
    public PartitionKeys Keys { get; }

    public RedisSemanticIndex Index { get; }

    public FakeLogCollector Logs { get; } = new();

    public async Task<IDatabase> DatabaseAsync() => await Connection.GetDatabaseAsync();

    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}
