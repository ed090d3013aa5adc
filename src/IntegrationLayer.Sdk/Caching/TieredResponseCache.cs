namespace IntegrationLayer.Sdk.Caching;

/// <summary>Memory in front of a cache that processes share. What memory has costs what it does without the other.</summary>
/// <param name="memory">This process's.</param>
/// <param name="shared">The one behind it. It doesn't fail, and takes no longer than it is allowed.</param>
/// <param name="invalidations">What is known to be no longer valid: behind an answer of memory that isn't, there may be one that is.</param>
/// <param name="feed">Brings what others invalidated.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class TieredResponseCache(
    InMemoryResponseCache memory, IResponseCache shared, CacheInvalidations invalidations, IInvalidationFeed feed, TimeProvider timeProvider) : IResponseCache
{
    /// <summary>Gets how long memory keeps an answer before the shared cache is asked for it again.</summary>
    public required TimeSpan LongestInMemory { get; init; }

    public ValueTask<CachedAnswer?> GetAsync(CacheKey key, CancellationToken cancellationToken)
    {
        CachedAnswer? kept = memory.Find(key);
        if (kept is not null && !invalidations.Allows(kept, key))
        {
            memory.Forget(key);
            kept = null;
        }

        // Another process may have asked anew for what is stale here.
        return kept is null || IsStale(kept) ? FindSharedAsync(key, kept, cancellationToken) : new(kept);
    }

    public ValueTask SetAsync(CacheKey key, CachedAnswer answer, CancellationToken cancellationToken)
    {
        Keep(key, answer);
        return shared.SetAsync(key, answer, cancellationToken);
    }

    public ValueTask RemoveAsync(CacheKey key, CancellationToken cancellationToken)
    {
        memory.Forget(key);
        return shared.RemoveAsync(key, cancellationToken);
    }

    private async ValueTask<CachedAnswer?> FindSharedAsync(CacheKey key, CachedAnswer? kept, CancellationToken cancellationToken)
    {
        CachedAnswer? found = await feed.CatchUpAsync(cancellationToken).ConfigureAwait(false) ? await shared.GetAsync(key, cancellationToken).ConfigureAwait(false) : null;
        if (found is null || !invalidations.Allows(found, key) || found.CachedAt < kept?.CachedAt)
        {
            return kept;
        }

        Keep(key, found);
        return found;
    }

    private bool IsStale(CachedAnswer answer) => answer.Lifetime.GoesStale && answer.Lifetime.RefreshAt <= timeProvider.GetUtcNow();

    private void Keep(CacheKey key, CachedAnswer answer)
    {
        TimeSpan left = answer.ExpiresAt - timeProvider.GetUtcNow();
        memory.Keep(key, answer, left < LongestInMemory ? left : LongestInMemory);
    }
}
