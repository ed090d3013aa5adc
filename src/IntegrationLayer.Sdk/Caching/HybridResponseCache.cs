using Microsoft.Extensions.Caching.Hybrid;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>
/// Keeps sealed answers in the application's <see cref="HybridCache"/>, whichever implements it. It is asked for no longer than is allowed, and
/// after several failures not at all for a while: some of them wait seconds for a store that is away.
/// </summary>
internal sealed class HybridResponseCache(HybridCache cache, HybridResponseCacheOptions options, AnswerSeal seal, SharedCacheWatch watch, TimeProvider timeProvider)
    : IResponseCache
{
    private const string Prefix = "integration-layer:";

    private readonly HybridCache _cache = cache;
    private readonly StoreBreaker _breaker = new(timeProvider);
    private readonly HybridCacheEntryFlags _flags = options.UseLocalCache ? HybridCacheEntryFlags.None : HybridCacheEntryFlags.DisableLocalCache;
    private readonly HybridCacheEntryOptions _reading = new()
    {
        Flags = HybridCacheEntryFlags.DisableUnderlyingData | (options.UseLocalCache ? HybridCacheEntryFlags.None : HybridCacheEntryFlags.DisableLocalCache),
        LocalCacheExpiration = options.MemoryTimeToLive,
    };

    public async ValueTask<CachedAnswer?> GetAsync(CacheKey key, CancellationToken cancellationToken)
    {
        long since = watch.Now;
        (bool isDone, SealedAnswer? found) = await RunAsync(
            static (me, state, token) => me._cache.GetOrCreateAsync(state, static _ => default(ValueTask<SealedAnswer?>), me._reading, cancellationToken: token),
            NameOf(key),
            isWriting: false,
            cancellationToken).ConfigureAwait(false);
        CachedAnswer? answer = found?.TryOpen(key, seal);
        bool isOver = answer is not null && answer.ExpiresAt <= timeProvider.GetUtcNow();
        watch.Note(ResultOf(isDone, found is null || isOver, answer is not null), since);
        return isOver ? null : answer;
    }

    public async ValueTask SetAsync(CacheKey key, CachedAnswer answer, CancellationToken cancellationToken)
    {
        TimeSpan left = answer.ExpiresAt - timeProvider.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            return;
        }

        long since = watch.Now;
        var entry = new SealedAnswer(answer, seal.Seal(key, answer));
        var writing = new HybridCacheEntryOptions
        {
            Expiration = left,
            LocalCacheExpiration = left < options.MemoryTimeToLive ? left : options.MemoryTimeToLive,
            Flags = _flags,
        };
        (bool isDone, _) = await RunAsync(
            static async (me, state, token) =>
            {
                await me._cache.SetAsync(state.Name, state.Entry, state.Writing, state.Tags, token).ConfigureAwait(false);
                return true;
            },
            (Name: NameOf(key), Entry: entry, Writing: writing, Tags: TagsOf(key, answer)),
            isWriting: true,
            cancellationToken).ConfigureAwait(false);
        watch.NoteWritten(isDone, entry.Payload.Length, since);
    }

    public async ValueTask RemoveAsync(CacheKey key, CancellationToken cancellationToken) => await RunAsync(
        static async (me, name, token) =>
        {
            await me._cache.RemoveAsync(name, token).ConfigureAwait(false);
            return true;
        },
        NameOf(key),
        isWriting: true,
        cancellationToken).ConfigureAwait(false);

    /// <summary>Forgets what has one of some labels.</summary>
    /// <returns>Whether the cache could be told.</returns>
    public async ValueTask<bool> RemoveAsync(ReadOnlyMemory<ulong> labels, CancellationToken cancellationToken)
    {
        (bool isDone, _) = await RunAsync(
            static async (me, tags, token) =>
            {
                await me._cache.RemoveByTagAsync(tags, token).ConfigureAwait(false);
                return true;
            },
            labels.ToArray().Select(TagOf).ToArray(),
            isWriting: true,
            cancellationToken).ConfigureAwait(false);
        return isDone;
    }

    private static SharedCacheResult ResultOf(bool isDone, bool isAbsent, bool isReadable) => (isDone, isAbsent, isReadable) switch
    {
        (false, _, _) => SharedCacheResult.Error,
        (_, true, _) => SharedCacheResult.Miss,
        (_, _, false) => SharedCacheResult.Rejected,
        _ => SharedCacheResult.Hit,
    };

    private static string NameOf(CacheKey key) => Prefix + key.Value;

    private static string TagOf(ulong label) => $"{Prefix}{label:x16}";

    private string[] TagsOf(CacheKey key, CachedAnswer answer) => [TagOf(CacheKeyRing.LabelOf(key.Digest)), .. answer.LabelsBy(seal.Ring).ToArray().Select(TagOf)];

    private async ValueTask<(bool IsDone, T? Result)> RunAsync<TState, T>(
        Func<HybridResponseCache, TState, CancellationToken, ValueTask<T>> operation, TState state, bool isWriting, CancellationToken cancellationToken)
    {
        if (!_breaker.TryEnter())
        {
            return default;
        }

        try
        {
            // What takes too long goes on by itself: it may still be of use to others.
            ValueTask<T> running = operation(this, state, cancellationToken);
            T result = running.IsCompletedSuccessfully
                ? running.Result
                : await running.AsTask().WaitAsync(options.Timeout, timeProvider, cancellationToken).ConfigureAwait(false);
            _breaker.Succeeded();
            watch.Succeeded(isWriting);
            return (true, result);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _breaker.Left();
            throw;
        }
        catch (Exception e)
        {
            // Whatever its implementation throws, a cache is not worth a request.
            _breaker.Failed();
            watch.Failed(e, isWriting);
            return default;
        }
    }
}
