namespace IntegrationLayer.Sdk.Caching;

/// <summary>Stores answers.</summary>
/// <remarks>
/// Safe for concurrent use. What is returned belongs to the caller, who may change it: implementations keep serialised copies.
/// A cache that can't be reached answers like an empty one; it doesn't fail requests.
/// </remarks>
public interface IResponseCache
{
    /// <summary>Gets an answer.</summary>
    /// <param name="key">The key of the request.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>The answer, or <see langword="null"/> if there is none.</returns>
    ValueTask<LlmResponse?> GetAsync(CacheKey key, CancellationToken cancellationToken);

    /// <summary>Stores an answer.</summary>
    /// <param name="key">The key of the request.</param>
    /// <param name="response">The answer, complete and clean.</param>
    /// <param name="timeToLive">How long it stays.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    /// <returns>A task that ends when the answer is stored.</returns>
    ValueTask SetAsync(CacheKey key, LlmResponse response, TimeSpan timeToLive, CancellationToken cancellationToken);
}
