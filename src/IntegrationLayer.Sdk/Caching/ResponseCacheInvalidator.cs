namespace IntegrationLayer.Sdk.Caching;

/// <summary>Takes note of what is no longer valid. Answers are checked against it when they are asked for; nothing is searched.</summary>
internal sealed class ResponseCacheInvalidator(ICachePolicy policy, IResponseCache cache, CacheKeyRing ring, CacheInvalidations invalidations) : IResponseCacheInvalidator
{
    public ValueTask InvalidateAsync(LlmRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (policy.Decide(request) is not { UseCache: true } decided || !CacheKey.TryRent(request, decided.With(request.Caching).Scope, ring, out CacheKey? rented))
        {
            return ValueTask.CompletedTask;
        }

        CacheKey key = rented.ToOwned();
        rented.Return();
        invalidations.Add([CacheKeyRing.LabelOf(key.Digest)]);
        return cache.RemoveAsync(key, cancellationToken);
    }

    public ValueTask InvalidateTagAsync(string tag, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        return InvalidateAsync(CacheLabelKind.Tag, tag);
    }

    public ValueTask InvalidateTenantAsync(string? tenantId, CancellationToken cancellationToken = default) => InvalidateAsync(CacheLabelKind.Tenant, tenantId);

    public ValueTask InvalidateModelAsync(string model, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        return InvalidateAsync(CacheLabelKind.Model, model);
    }

    public ValueTask InvalidateAllAsync(CancellationToken cancellationToken = default) => InvalidateAsync(CacheLabelKind.All, null);

    private ValueTask InvalidateAsync(CacheLabelKind kind, string? name)
    {
        invalidations.Add([ring.Label(kind, name)]);
        return ValueTask.CompletedTask;
    }
}
