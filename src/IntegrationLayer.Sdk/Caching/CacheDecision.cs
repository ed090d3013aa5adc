namespace IntegrationLayer.Sdk.Caching;

/// <summary>The decision of an <see cref="ICachePolicy"/> on one request.</summary>
public readonly record struct CacheDecision
{
    private CacheDecision(CacheKey key, TimeSpan timeToLive)
    {
        Key = key;
        TimeToLive = timeToLive;
    }

    /// <summary>Gets the decision to leave the cache alone.</summary>
    public static CacheDecision Bypass => default;

    /// <summary>Gets a value indicating whether the cache is used.</summary>
    public bool UseCache => TimeToLive > TimeSpan.Zero;

    /// <summary>Gets the key of the request.</summary>
    public CacheKey Key { get; }

    /// <summary>Gets how long an answer stays.</summary>
    public TimeSpan TimeToLive { get; }

    /// <summary>Uses the cache.</summary>
    /// <param name="key">The key.</param>
    /// <param name="timeToLive">How long an answer stays; over zero.</param>
    /// <returns>The decision.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeToLive"/> is zero or less.</exception>
    public static CacheDecision Use(CacheKey key, TimeSpan timeToLive)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeToLive, TimeSpan.Zero);
        return new CacheDecision(key, timeToLive);
    }
}
