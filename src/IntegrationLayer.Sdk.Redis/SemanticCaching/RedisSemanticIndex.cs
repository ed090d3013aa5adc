using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.SemanticCaching;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.SemanticCaching;

/// <summary>Keeps entries in vector sets of Redis 8 or Garnet, for all processes of the installation. While Redis is away, every search and every writing fails at once.</summary>
internal sealed class RedisSemanticIndex(
    RedisConnection connection,
    CacheKeyRing ring,
    IOptions<RedisSemanticIndexOptions> options,
    TimeProvider timeProvider,
    ILogger<RedisSemanticIndex> logger) : ISemanticIndex
{
    private readonly RedisDependency _redis = new(connection, "semantic index", options.Value.Timeout, timeProvider);
    private readonly Scores _scores = new(PartitionKeys.Probe(connection.KeyPrefix));
    private readonly EntrySeal _seal = new(ring);

    public ValueTask<IReadOnlyList<SemanticMatch>> SearchAsync(string partition, ReadOnlyMemory<float> vector, int count, CancellationToken cancellationToken) =>
        RunAsync((Index: this, partition, vector, count), static (database, s) => s.Index.SearchAsync(database, s.partition, s.vector, s.count), cancellationToken);

    public async ValueTask AddAsync(SemanticEntry entry, ReadOnlyMemory<float> vector, CancellationToken cancellationToken) =>
        await RunAsync((Index: this, entry, vector), static (database, s) => s.Index.AddAsync(database, s.entry, s.vector), cancellationToken).ConfigureAwait(false);

    public async ValueTask RemoveAsync(string partition, string id, CancellationToken cancellationToken) =>
        await RunAsync((Index: this, partition, id), static (database, s) => s.Index.RemoveAsync(database, s.partition, s.id), cancellationToken).ConfigureAwait(false);

    private PartitionKeys KeysOf(string partition) => new(connection.KeyPrefix, partition, ring);

    private async Task<IReadOnlyList<SemanticMatch>> SearchAsync(IDatabase database, string partition, ReadOnlyMemory<float> vector, int count)
    {
        PartitionKeys keys = KeysOf(partition);
        var store = new PartitionStore(database, keys);
        Func<double, float> cosineOf = await _scores.ReaderAsync(database).ConfigureAwait(false);
        FoundMember[] found = await store.SearchAsync(vector, count).ConfigureAwait(false);
        var matches = new List<SemanticMatch>(found.Length);
        var unusable = new List<RedisValue>();
        foreach (FoundMember member in found)
        {
            if (_seal.Read((byte[]?)member.Text, partition, member.Member.ToString()) is { } entry)
            {
                matches.Add(new SemanticMatch(entry, cosineOf(member.Score)));
                continue;
            }

            unusable.Add(member.Member);
            if (!member.Text.IsNull)
            {
                RedisSemanticLog.ForeignEntry(logger);
            }
        }

        if (unusable.Count > 0)
        {
            await store.RemoveAsync([.. unusable], CommandFlags.FireAndForget).ConfigureAwait(false);
        }

        return matches;
    }

    private async Task<bool> AddAsync(IDatabase database, SemanticEntry entry, ReadOnlyMemory<float> vector)
    {
        PartitionKeys keys = KeysOf(entry.Partition);
        var store = new PartitionStore(database, keys);
        TimeSpan lifetime = entry.ExpiresAt - timeProvider.GetUtcNow();
        if (lifetime < TimeSpan.FromMilliseconds(1))
        {
            return false;
        }

        RedisValue member = keys.MemberOf(entry.Id);
        byte[] text = _seal.Write(entry, member.ToString());
        RedisValue[] leaving;
        try
        {
            leaving = await store.AddAsync(member, new SealedEntry(text, entry.ExpiresAt, lifetime), vector, options.Value.MaxEntriesPerPartition).ConfigureAwait(false);
        }
        catch (RedisServerException e) when (e.Message.Contains("dimension", StringComparison.OrdinalIgnoreCase))
        {
            int? dimensions = await database.VectorSetDimensionAsync(keys.Vectors).ConfigureAwait(false);
            throw new SemanticIndexException($"The vector has {vector.Length} dimensions, those of its partition have {dimensions}. Vectors of different embedders belong in different partitions.", e);
        }

        if (leaving.Length > 0)
        {
            await store.RemoveAsync(leaving, CommandFlags.FireAndForget).ConfigureAwait(false);
        }

        return true;
    }

    private async Task<bool> RemoveAsync(IDatabase database, string partition, string id)
    {
        PartitionKeys keys = KeysOf(partition);
        await new PartitionStore(database, keys).RemoveAsync([keys.MemberOf(id)], CommandFlags.None).ConfigureAwait(false);
        return true;
    }

    private async ValueTask<TResult> RunAsync<TState, TResult>(TState state, Func<IDatabase, TState, Task<TResult>> operation, CancellationToken cancellationToken)
    {
        try
        {
            return await _redis.RunAsync(operation, state, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisServerException e)
        {
            throw new SemanticIndexException($"Redis can't be asked for vectors: it answers '{e.Message}'. Use Redis 8 or newer, or Garnet with its vector sets enabled; or leave UseRedisSemanticIndex out.", e);
        }
    }
}
