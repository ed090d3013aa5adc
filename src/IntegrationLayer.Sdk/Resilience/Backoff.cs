namespace IntegrationLayer.Sdk.Resilience;

/// <summary>How long to wait before a deployment that has failed is called again: full jitter, so that those who failed together don't come back together.</summary>
internal static class Backoff
{
    /// <summary>Gets the wait before a round of further calls.</summary>
    /// <param name="round">How many such rounds there were before.</param>
    /// <param name="options">The longest waits.</param>
    /// <param name="random">A number over 0, up to 1.</param>
    public static TimeSpan Of(int round, RetryOptions options, double random)
    {
        double longest = Math.Min(options.MaxDelay.TotalMilliseconds, options.BaseDelay.TotalMilliseconds * Math.Pow(2, Math.Min(round, 30)));
        return TimeSpan.FromMilliseconds(longest * random);
    }
}
