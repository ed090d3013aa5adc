using System.Diagnostics.CodeAnalysis;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>The cache with what is known to be no longer valid.</summary>
internal sealed class AnswerStore
{
    private readonly IResponseCache _cache;
    private readonly CacheKeyRing _ring;
    private readonly CacheInvalidations _invalidations;

    public AnswerStore(IResponseCache cache, CacheKeyRing ring, CacheInvalidations invalidations, IInvalidationFeed? feed = null)
    {
        (_cache, _ring, _invalidations) = (cache, ring, invalidations);

        // Not every application runs hosted services.
        feed?.Listen();
    }

    /// <summary>Gets the stamp of what is asked for now.</summary>
    public long Stamp => _invalidations.Current;

    /// <summary>Writes down what a request's answer depends on.</summary>
    /// <param name="request">The request.</param>
    /// <param name="scope">Who may be given the same answer.</param>
    /// <param name="key">A key that belongs to the thread.</param>
    public bool TryRentKey(LlmRequest request, CacheScope scope, [NotNullWhen(true)] out CacheKey? key) => CacheKey.TryRent(request, scope, _ring, out key);

    /// <summary>Starts looking an answer up. It is checked by <see cref="Allows(CachedAnswer, CacheKey)"/> when it is there.</summary>
    public ValueTask<CachedAnswer?> GetAsync(CacheKey key, CancellationToken cancellationToken) => _cache.GetAsync(key, cancellationToken);

    /// <summary>Says whether an answer may still be given.</summary>
    public bool Allows(CachedAnswer answer, CacheKey key) => _invalidations.Allows(answer, key);

    /// <summary>Says whether an answer may still be given that was found by another way than its key.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="key">The <see cref="CacheKey.Value"/> under which it was kept.</param>
    public bool Allows(CachedAnswer answer, string key) => CacheKey.TryGetLabel(key, out ulong label) && _invalidations.Allows(answer, label);

    /// <summary>Keeps an answer.</summary>
    public ValueTask SetAsync(CacheKey key, CachedAnswer answer) => _cache.SetAsync(key, answer, CancellationToken.None);
}
