namespace IntegrationLayer.Sdk.Usage;

/// <summary>Which requests to sum up, and how to group them.</summary>
/// <remarks>Limits: 10,000 time slices, 4 dimensions, 16 filters of 100 values each, 100,000 rows. A query beyond them is refused with a <see cref="UsageQueryException"/>.</remarks>
public sealed record UsageQuery
{
    /// <summary>Gets the beginning of the range: requests that began then or later.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Gets the end of the range: requests that began before then.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Gets the length of the time slices.</summary>
    /// <value>The default is <see cref="UsageBucket.Total"/>: no slices.</value>
    public UsageBucket Bucket { get; init; }

    /// <summary>Gets the properties to group by, in the order of the rows' values.</summary>
    /// <value>Empty means one group.</value>
    public IReadOnlyList<UsageDimension> GroupBy { get; init; } = [];

    /// <summary>Gets the filters; a request must pass them all.</summary>
    public IReadOnlyList<UsageFilter> Filters { get; init; } = [];

    /// <summary>Gets how many groups to show, ranked by <see cref="OrderBy"/> over the whole range; the others become one row, <see cref="UsageRow.IsOther"/>, in each slice.</summary>
    /// <value>When <see langword="null"/>, all of them.</value>
    public int? Top { get; init; }

    /// <summary>Gets what groups are ranked by.</summary>
    public UsageMeasure OrderBy { get; init; }

    /// <summary>Gets the moment up to which to forecast the cost, such as the end of the month whose beginning is <see cref="From"/>.</summary>
    /// <value>When <see langword="null"/>, there is no forecast.</value>
    public DateTimeOffset? ForecastTo { get; init; }
}
