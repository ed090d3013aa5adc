namespace IntegrationLayer.Sdk.Models;

/// <summary>What a provider says of one of its limits: a bucket that fills up evenly.</summary>
/// <param name="Remaining">How much is left.</param>
/// <param name="Limit">How much the full bucket holds, if it says so.</param>
/// <param name="FullIn">When the bucket is full again, from the reading on.</param>
internal readonly record struct RateLimit(long Remaining, long? Limit, TimeSpan FullIn)
{
    /// <summary>Gets what there is some time after the reading; <see langword="null"/> when the reading no longer says anything.</summary>
    public long? After(TimeSpan elapsed) =>
        elapsed >= FullIn ? null
        : Limit is { } full && full > Remaining ? Remaining + (long)((full - Remaining) * (elapsed / FullIn))
        : Remaining;
}
