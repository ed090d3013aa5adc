namespace IntegrationLayer.Sdk.Caching;

/// <summary>Settings of the exact-match cache.</summary>
public sealed class ExactMatchCacheOptions
{
    /// <summary>Gets or sets how long an answer stays.</summary>
    /// <value>The default is 10 minutes.</value>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets or sets how many bytes of answers are kept in memory; the oldest go first.</summary>
    /// <value>The default is 64 MiB.</value>
    public long MaxBytes { get; set; } = 64L * 1024 * 1024;
}
