namespace IntegrationLayer.Sdk.Usage;

/// <summary>The sums of one group in one time slice.</summary>
public sealed record UsageRow
{
    /// <summary>Gets the beginning of the slice; the range's own beginning if there are no slices.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>Gets the group's values, one for each dimension of <see cref="UsageQuery.GroupBy"/>; empty for requests that have none.</summary>
    public IReadOnlyList<string> Group { get; init; } = [];

    /// <summary>Gets a value indicating whether this is all groups beyond <see cref="UsageQuery.Top"/> together. Its values are <c>other</c>.</summary>
    public bool IsOther { get; init; }

    /// <summary>Gets the sums.</summary>
    public required UsageTotals Totals { get; init; }
}
