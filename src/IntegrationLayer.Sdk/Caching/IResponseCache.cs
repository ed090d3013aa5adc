namespace IntegrationLayer.Sdk.Caching;

/// <summary>Stores answers.</summary>
/// <remarks>
/// Safe for concurrent use. A cache that can't be reached answers like an empty one; it doesn't fail requests. Whether an answer was
/// invalidated meanwhile is not its business: the SDK checks that on everything it is given.
/// </remarks>
public interface IResponseCache
{
    /// <summary>Gets an answer.</summary>
    /// <param name="key">The key of the request. It belongs to the caller, who may use the object again: to keep it, keep its <see cref="CacheKey.Value"/>.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>The answer, or <see langword="null"/> if there is none, or its time is over.</returns>
    ValueTask<CachedAnswer?> GetAsync(CacheKey key, CancellationToken cancellationToken);

    /// <summary>Stores an answer until <see cref="CachedAnswer.ExpiresAt"/>, in place of an older one.</summary>
    /// <param name="key">The key of the request.</param>
    /// <param name="answer">The answer, complete and clean.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    /// <returns>A task that ends when the answer is stored.</returns>
    ValueTask SetAsync(CacheKey key, CachedAnswer answer, CancellationToken cancellationToken);

    /// <summary>Forgets an answer.</summary>
    /// <param name="key">The key of the request.</param>
    /// <param name="cancellationToken">Cancels the removal.</param>
    /// <returns>A task that ends when the answer is gone.</returns>
    ValueTask RemoveAsync(CacheKey key, CancellationToken cancellationToken);
}
