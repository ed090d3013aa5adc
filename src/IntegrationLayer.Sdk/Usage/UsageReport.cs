namespace IntegrationLayer.Sdk.Usage;

/// <summary>The answer to a <see cref="UsageQuery"/>.</summary>
public sealed record UsageReport
{
    /// <summary>Gets the query.</summary>
    public required UsageQuery Query { get; init; }

    /// <summary>Gets the beginning of the range that was summed up.</summary>
    /// <remarks>Earlier than asked for where a store keeps only sums of longer times for so long ago.</remarks>
    public required DateTimeOffset From { get; init; }

    /// <summary>Gets the end of the range that was summed up.</summary>
    /// <remarks>Later than asked for where a store keeps only sums of longer times for so long ago.</remarks>
    public required DateTimeOffset To { get; init; }

    /// <summary>Gets the sums by time slice, then by <see cref="UsageQuery.OrderBy"/> from the largest. A slice or group without requests has no row.</summary>
    public required IReadOnlyList<UsageRow> Rows { get; init; }

    /// <summary>Gets the sums over all rows.</summary>
    public required UsageTotals Total { get; init; }

    /// <summary>Gets the forecast, if the query asked for one.</summary>
    public UsageForecast? Forecast { get; init; }
}
