using IntegrationLayer.Sdk.Caching;

namespace IntegrationLayer.Sdk.Redis.Caching;

/// <summary>How processes share answers over Redis. Checked when the application starts.</summary>
public sealed class RedisCacheOptions
{
    /// <summary>Gets or sets how long a request waits for Redis at most; then it goes on without it.</summary>
    /// <value>From 1 millisecond to 10 seconds; the default is 50 milliseconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Gets or sets how long this process's memory keeps an answer before Redis is asked for it again.</summary>
    /// <value>
    /// From 1 second to 90 days; the default is 1 minute. For so long a process that doesn't reach Redis may give what was invalidated elsewhere. How many
    /// bytes memory keeps is <see cref="ExactMatchCacheOptions.MaxBytes"/>.
    /// </value>
    public TimeSpan MemoryTimeToLive { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets the size of the largest answer that is put into Redis or taken from there, compressed, in bytes.</summary>
    /// <value>From 1 KiB to 256 MiB; the default is 1 MiB.</value>
    public int MaxPayloadBytes { get; set; } = 1024 * 1024;
}
