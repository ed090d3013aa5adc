namespace IntegrationLayer.Sdk.Caching;

/// <summary>Takes note of what is no longer valid. Answers are checked against it when they are asked for; nothing is searched.</summary>
internal sealed class ResponseCacheInvalidator(
    ICachePolicy policy, IResponseCache cache, CacheKeyRing ring, CacheInvalidations invalidations, IInvalidationFeed? feed = null) : IResponseCacheInvalidator
{
    public async ValueTask InvalidateAsync(LlmRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (policy.Decide(request) is not { UseCache: true } decided || !CacheKey.TryRent(request, decided.With(request.Caching).Scope, ring, out CacheKey? rented))
        {
            return;
        }

        CacheKey key = rented.ToOwned();
        rented.Return();
        ValueTask telling = InvalidateAsync(CacheKeyRing.LabelOf(key.Digest), cancellationToken);
        await cache.RemoveAsync(key, cancellationToken).ConfigureAwait(false);
        await telling.ConfigureAwait(false);
    }

    public ValueTask InvalidateTagAsync(string tag, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        return InvalidateAsync(CacheLabelKind.Tag, tag, cancellationToken);
    }

    public ValueTask InvalidateTenantAsync(string? tenantId, CancellationToken cancellationToken = default) =>
        InvalidateAsync(CacheLabelKind.Tenant, tenantId, cancellationToken);

    public ValueTask InvalidateModelAsync(string model, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        return InvalidateAsync(CacheLabelKind.Model, model, cancellationToken);
    }

    public ValueTask InvalidateAllAsync(CancellationToken cancellationToken = default) => InvalidateAsync(CacheLabelKind.All, null, cancellationToken);

    private ValueTask InvalidateAsync(CacheLabelKind kind, string? name, CancellationToken cancellationToken) => InvalidateAsync(ring.Label(kind, name), cancellationToken);

    private ValueTask InvalidateAsync(ulong label, CancellationToken cancellationToken)
    {
        if (feed is not null)
        {
            return feed.PublishAsync(new[] { label }, cancellationToken);
        }

        invalidations.Add([label]);
        return ValueTask.CompletedTask;
    }
}
