namespace IntegrationLayer.Sdk.Usage;

/// <summary>Keeps the requests that have one of some values.</summary>
/// <param name="Dimension">The property.</param>
/// <param name="Values">The values, compared to the letter; an empty one keeps requests that have none. At least one, at most 100.</param>
public sealed record UsageFilter(UsageDimension Dimension, params IReadOnlyList<string> Values)
{
    /// <summary>Tells whether a record has one of the values.</summary>
    /// <param name="record">The record.</param>
    /// <returns>Whether it is kept.</returns>
    public bool Matches(UsageRecord record) => Values.Contains(Dimension.ValueOf(record), StringComparer.Ordinal);
}
