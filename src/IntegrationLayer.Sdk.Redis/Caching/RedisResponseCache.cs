using IntegrationLayer.Sdk.Caching;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Caching;

/// <summary>Keeps sealed answers in Redis, one key each, with one command a call. It is never waited for longer than is allowed, and never fails a request.</summary>
internal sealed class RedisResponseCache(RedisCacheParts parts) : IResponseCache
{
    private const string Answer = "answer";

    // A server that takes no writes still has answers.
    private readonly RedisDependency _reads = parts.Dependency("cache", parts.Options.Timeout);
    private readonly RedisDependency _writes = parts.Dependency("cache", parts.Options.Timeout);

    private readonly int _maxBytes = parts.Options.MaxPayloadBytes;

    public async ValueTask<CachedAnswer?> GetAsync(CacheKey key, CancellationToken cancellationToken)
    {
        long since = parts.Watch.Now;
        CachedAnswer? answer = null;
        SharedCacheResult result;
        try
        {
            // Of something huge that others put there, no more is taken than tells that it is.
            byte[]? payload = await _reads.RunAsync(
                static async (redis, state) => (byte[]?)await redis.StringGetRangeAsync(state.Name, 0, state.Most).ConfigureAwait(false),
                (Name: (RedisKey)parts.NameOf(Answer, key), Most: _maxBytes),
                cancellationToken).ConfigureAwait(false);
            parts.Watch.Succeeded(isWriting: false);
            answer = payload is { Length: > 0 } && payload.Length <= _maxBytes ? parts.Seal.TryOpen(key, payload) : null;
            bool isOver = answer is not null && answer.ExpiresAt <= parts.Time.GetUtcNow();
            result = payload is null or { Length: 0 } || isOver ? SharedCacheResult.Miss : answer is null ? SharedCacheResult.Rejected : SharedCacheResult.Hit;
            answer = isOver ? null : answer;
        }
        catch (RedisServerException)
        {
            // The key holds something that is no text.
            result = SharedCacheResult.Rejected;
        }
        catch (RedisUnavailableException e)
        {
            parts.Watch.Failed(e, isWriting: false);
            result = SharedCacheResult.Error;
        }

        parts.Watch.Note(result, since);
        return answer;
    }

    public async ValueTask SetAsync(CacheKey key, CachedAnswer answer, CancellationToken cancellationToken)
    {
        TimeSpan left = answer.ExpiresAt - parts.Time.GetUtcNow();
        if (left < TimeSpan.FromMilliseconds(1))
        {
            return;
        }

        byte[] payload = parts.Seal.Seal(key, answer);
        if (payload.Length > _maxBytes)
        {
            // What is there is the answer before this one.
            await RemoveAsync(key, cancellationToken).ConfigureAwait(false);
            return;
        }

        long since = parts.Watch.Now;
        bool isWritten = await WriteAsync(
            static (redis, state) => redis.StringSetAsync(state.Name, state.Payload, state.Left),
            (Name: (RedisKey)parts.NameOf(Answer, key), Payload: payload, Left: left),
            cancellationToken).ConfigureAwait(false);
        parts.Watch.NoteWritten(isWritten, payload.Length, since);
    }

    public async ValueTask RemoveAsync(CacheKey key, CancellationToken cancellationToken) =>
        await WriteAsync(static (redis, name) => redis.KeyDeleteAsync(name), (RedisKey)parts.NameOf(Answer, key), cancellationToken).ConfigureAwait(false);

    private async ValueTask<bool> WriteAsync<TState>(Func<IDatabase, TState, Task<bool>> operation, TState state, CancellationToken cancellationToken)
    {
        try
        {
            await _writes.RunAsync(operation, state, cancellationToken).ConfigureAwait(false);
            parts.Watch.Succeeded(isWriting: true);
            return true;
        }
        catch (Exception e) when (e is RedisUnavailableException or RedisServerException)
        {
            parts.Watch.Failed(e, isWriting: true);
            return false;
        }
    }
}
