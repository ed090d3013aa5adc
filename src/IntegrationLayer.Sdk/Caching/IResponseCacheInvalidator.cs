namespace IntegrationLayer.Sdk.Caching;

/// <summary>Makes cached answers invalid: from then on they are given to nobody, and neither is what was asked for before and arrives later.</summary>
/// <remarks>
/// Safe for concurrent use. Get it from the services. Where answers are shared with other processes, a task ends when they can know. If they can't be
/// told, <see cref="CacheInvalidationException"/> is thrown; the invalidation holds in this process all the same.
/// </remarks>
public interface IResponseCacheInvalidator
{
    /// <summary>Forgets the answer to one request, in the partition that it asks in.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Cancels the invalidation.</param>
    /// <returns>A task that ends when the answer is invalid.</returns>
    ValueTask InvalidateAsync(LlmRequest request, CancellationToken cancellationToken = default);

    /// <summary>Invalidates all answers under a tag (<see cref="CacheDirective.Tags"/>, <see cref="CacheDecision.Tags"/>).</summary>
    /// <param name="tag">The tag, in its own case.</param>
    /// <param name="cancellationToken">Cancels the invalidation.</param>
    /// <returns>A task that ends when the answers are invalid.</returns>
    ValueTask InvalidateTagAsync(string tag, CancellationToken cancellationToken = default);

    /// <summary>Invalidates all answers that a tenant asked for, whoever shares them.</summary>
    /// <param name="tenantId">The tenant; <see langword="null"/> for requests without one.</param>
    /// <param name="cancellationToken">Cancels the invalidation.</param>
    /// <returns>A task that ends when the answers are invalid.</returns>
    ValueTask InvalidateTenantAsync(string? tenantId, CancellationToken cancellationToken = default);

    /// <summary>Invalidates all answers of a model.</summary>
    /// <param name="model">A deployment's name, the model that was asked, or the one that answered, in any case.</param>
    /// <param name="cancellationToken">Cancels the invalidation.</param>
    /// <returns>A task that ends when the answers are invalid.</returns>
    ValueTask InvalidateModelAsync(string model, CancellationToken cancellationToken = default);

    /// <summary>Invalidates all answers.</summary>
    /// <param name="cancellationToken">Cancels the invalidation.</param>
    /// <returns>A task that ends when the answers are invalid.</returns>
    ValueTask InvalidateAllAsync(CancellationToken cancellationToken = default);
}
