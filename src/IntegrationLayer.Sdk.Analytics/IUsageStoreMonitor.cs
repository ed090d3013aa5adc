namespace IntegrationLayer.Sdk.Analytics;

/// <summary>Shows how the durable usage store is doing.</summary>
public interface IUsageStoreMonitor
{
    /// <summary>Gets the counts.</summary>
    UsageStoreStatus Status { get; }

    /// <summary>Waits until every record that was appended so far is in the database, without waiting for the next batch.</summary>
    /// <param name="cancellationToken">Ends the waiting. A database that is away is waited for without end.</param>
    /// <returns>A task that ends when they are.</returns>
    Task FlushAsync(CancellationToken cancellationToken = default);
}
