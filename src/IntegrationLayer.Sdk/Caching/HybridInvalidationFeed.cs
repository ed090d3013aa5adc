namespace IntegrationLayer.Sdk.Caching;

/// <summary>
/// Carries invalidations by the tags of a <see cref="Microsoft.Extensions.Caching.Hybrid.HybridCache"/>. Whom they reach is its implementation's:
/// that of the platform tells processes that begin later, not those that run.
/// </summary>
internal sealed class HybridInvalidationFeed(HybridResponseCache cache, CacheInvalidations invalidations) : IInvalidationFeed
{
    public void Listen()
    {
        // The cache itself knows what it was told.
    }

    public ValueTask<bool> CatchUpAsync(CancellationToken cancellationToken) => new(true);

    public async ValueTask PublishAsync(ReadOnlyMemory<ulong> labels, CancellationToken cancellationToken)
    {
        invalidations.Add(labels.Span);
        if (!await cache.RemoveAsync(labels, cancellationToken).ConfigureAwait(false))
        {
            throw new CacheInvalidationException(
                "What was invalidated is given to nobody in this process, and the HybridCache couldn't be told of it. Invalidate it again when its store is back.");
        }
    }
}
