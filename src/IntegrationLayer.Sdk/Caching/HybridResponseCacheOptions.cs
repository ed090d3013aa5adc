namespace IntegrationLayer.Sdk.Caching;

/// <summary>How answers are shared over a <see cref="Microsoft.Extensions.Caching.Hybrid.HybridCache"/>. Checked when the application starts.</summary>
public sealed class HybridResponseCacheOptions
{
    /// <summary>Gets or sets how long a request waits for the cache at most; then it goes on without it.</summary>
    /// <value>From 1 millisecond to 10 seconds; the default is 50 milliseconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Gets or sets how long this process's memory keeps an answer before the shared cache is asked for it again.</summary>
    /// <value>From 1 second to 90 days; the default is 1 minute. How many bytes it keeps is <see cref="ExactMatchCacheOptions.MaxBytes"/>.</value>
    public TimeSpan MemoryTimeToLive { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets a value indicating whether answers also stay in the local memory of the <see cref="Microsoft.Extensions.Caching.Hybrid.HybridCache"/>.</summary>
    /// <value>The default is <see langword="false"/>: the SDK's own memory is in front of it, and is bounded by bytes. Set it for one without a distributed cache.</value>
    public bool UseLocalCache { get; set; }
}
