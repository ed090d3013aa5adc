namespace IntegrationLayer.Sdk.Events;

/// <summary>What happens in the SDK of this process, as it happens: requests that finish, deployments that fail, budgets that run out.</summary>
/// <remarks>Safe for concurrent use. Get it from the services. Nothing is written down while nobody listens.</remarks>
public interface IIntegrationEvents
{
    /// <summary>Gets how many events subscribers were too slow for, all together.</summary>
    long Dropped { get; }

    /// <summary>Listens from now on.</summary>
    /// <param name="filter">Which types of events (<see cref="IntegrationEventTypes"/>), and how many may wait; <see langword="null"/> for all.</param>
    /// <param name="cancellationToken">Ends the subscription.</param>
    /// <returns>
    /// The events, in the order in which they happened. It never ends by itself. The subscription begins with this call, not with the first read. When as many as may wait are
    /// waiting, the oldest one is dropped, and counted.
    /// </returns>
    IAsyncEnumerable<IntegrationEvent> SubscribeAsync(IntegrationEventFilter? filter = null, CancellationToken cancellationToken = default);
}
