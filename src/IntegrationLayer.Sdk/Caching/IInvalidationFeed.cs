namespace IntegrationLayer.Sdk.Caching;

/// <summary>Carries invalidations to the other processes.</summary>
internal interface IInvalidationFeed
{
    /// <summary>Begins to hear of what others invalidate.</summary>
    void Listen();

    /// <summary>Makes sure that this process knows what others invalidated, before it believes an answer that they share.</summary>
    /// <param name="cancellationToken">Cancels the waiting.</param>
    /// <returns><see langword="false"/> if it can't know at the moment.</returns>
    ValueTask<bool> CatchUpAsync(CancellationToken cancellationToken);

    /// <summary>Makes labels invalid everywhere.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="cancellationToken">Cancels the waiting; what was begun goes on.</param>
    /// <returns>A task that ends when the other processes can know.</returns>
    /// <exception cref="CacheInvalidationException">They can't be told at the moment.</exception>
    ValueTask PublishAsync(ReadOnlyMemory<ulong> labels, CancellationToken cancellationToken);
}
