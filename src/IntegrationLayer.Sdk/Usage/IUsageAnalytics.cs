namespace IntegrationLayer.Sdk.Usage;

/// <summary>Answers questions about the requests that were made: what they cost, used and saved, by whom, where and when.</summary>
/// <remarks>Safe for concurrent use. A record is in the answers within a second of the request's end.</remarks>
public interface IUsageAnalytics
{
    /// <summary>Sums up the requests of a time range.</summary>
    /// <param name="query">Which requests, and how to group them.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>The sums.</returns>
    /// <exception cref="UsageQueryException">The query can't be answered as it is; the message names the value and the cure.</exception>
    Task<UsageReport> QueryAsync(UsageQuery query, CancellationToken cancellationToken = default);
}
