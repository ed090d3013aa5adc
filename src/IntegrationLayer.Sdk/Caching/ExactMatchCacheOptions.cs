namespace IntegrationLayer.Sdk.Caching;

/// <summary>Settings of the exact-match cache. Checked when the application starts.</summary>
public sealed class ExactMatchCacheOptions
{
    /// <summary>Gets or sets how long an answer stays, unless its request says otherwise.</summary>
    /// <value>Over zero, at most 90 days; the default is 10 minutes.</value>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets or sets by which part of itself a time to live is shortened at most, at random, so that what was asked together isn't asked anew together.</summary>
    /// <value>From 0 to 0.5; the default is 0.1.</value>
    public double Jitter { get; set; } = 0.1;

    /// <summary>Gets or sets for how much longer an answer may be given while one request asks the model anew.</summary>
    /// <value>From zero to 90 days; the default is zero: an answer is gone when its time is over.</value>
    public TimeSpan StaleWhileRevalidate { get; set; }

    /// <summary>Gets or sets who may be given the same answer, unless a request says otherwise.</summary>
    /// <value>The default is <see cref="CacheScope.Tenant"/>.</value>
    public CacheScope Scope { get; set; }

    /// <summary>Gets or sets the highest temperature of requests that are cached: above it, variety is asked for. A request with a seed is cached at any.</summary>
    /// <value>From 0 to 2; the default is 1, so that only what is hotter than the providers' own default isn't cached.</value>
    public float MaxTemperature { get; set; } = 1;

    /// <summary>Gets or sets how many bytes of answers are kept in memory; what wasn't asked for lately goes first.</summary>
    /// <value>From 4 KiB to 1 TiB; the default is 64 MiB.</value>
    public long MaxBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>Gets or sets the size of the largest answer that is kept, in bytes.</summary>
    /// <value>From 1 KiB to <see cref="MaxBytes"/>; the default is 1 MiB.</value>
    public long MaxAnswerBytes { get; set; } = 1024 * 1024;

    /// <summary>Gets or sets how many identical requests may wait for the answer of one call; what comes beyond is sent.</summary>
    /// <value>From 0 (every request is sent) to 1,000,000; the default is 10,000.</value>
    public int MaxFollowers { get; set; } = 10_000;

    /// <summary>Gets or sets a secret that all processes of the installation have, and nobody else: cache keys and shared answers are made unreadable with it.</summary>
    /// <value>
    /// At least 32 characters of a random text. Needed when answers are shared with other processes; the default, <see langword="null"/>, is a new
    /// secret for each process, which keeps its answers to itself. With a new secret the answers of the old one are never found again.
    /// </value>
    public string? InstallationKey { get; set; }
}
