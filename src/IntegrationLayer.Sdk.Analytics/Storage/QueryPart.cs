namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>A part of a query's range, and the table that it is summed up from.</summary>
/// <param name="Level">The table.</param>
/// <param name="From">The beginning in ticks, at a whole unit of the table.</param>
/// <param name="To">The end in ticks, at a whole unit of the table.</param>
internal readonly record struct QueryPart(UsageLevel Level, long From, long To);
