namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>A row of a table of sums.</summary>
/// <param name="Bucket">The number of the minute, hour or day.</param>
/// <param name="Series">The row of il_series.</param>
/// <param name="Caller">The row of il_callers; 0 where callers are not told apart.</param>
internal readonly record struct SumKey(long Bucket, long Series, long Caller) : IComparable<SumKey>
{
    // The order in which rows are locked, the same for every writer.
    public int CompareTo(SumKey other)
    {
        int order = Bucket.CompareTo(other.Bucket);
        order = order != 0 ? order : Series.CompareTo(other.Series);
        return order != 0 ? order : Caller.CompareTo(other.Caller);
    }
}
