using IntegrationLayer.Sdk.Usage;

namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>Keeps records and sums. One thread writes at a time; any number may query meanwhile.</summary>
internal interface IUsageDatabase : IAsyncDisposable
{
    /// <summary>Makes or updates the tables.</summary>
    /// <exception cref="UsageDatabaseException">The database can't be used as it is, now or later.</exception>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Adds a batch, all of it or nothing: the records that are not there yet, what they add to the sums, and up to where the journal was taken.</summary>
    Task WriteAsync(UsageBatch batch, CancellationToken cancellationToken);

    /// <summary>Forgets up to where a journal was taken: it is gone.</summary>
    Task ForgetAsync(Guid writer, CancellationToken cancellationToken);

    /// <summary>Deletes what is older than some moments.</summary>
    Task PruneAsync(KeptTimes keepFrom, CancellationToken cancellationToken);

    /// <summary>Answers a query.</summary>
    Task<UsageReport> QueryAsync(UsageQuery query, CancellationToken cancellationToken);
}
