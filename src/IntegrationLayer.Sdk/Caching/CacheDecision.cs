namespace IntegrationLayer.Sdk.Caching;

/// <summary>The decision of an <see cref="ICachePolicy"/> on one request.</summary>
/// <remarks>It says nothing of the key: that is the SDK's, so that no policy can forget what the answer depends on.</remarks>
public readonly record struct CacheDecision
{
    private CacheDecision(TimeSpan timeToLive) => TimeToLive = timeToLive;

    /// <summary>Gets the decision to leave the cache alone.</summary>
    public static CacheDecision Bypass => default;

    /// <summary>Gets a value indicating whether the cache is used.</summary>
    public bool UseCache => TimeToLive > TimeSpan.Zero;

    /// <summary>Gets how long an answer stays.</summary>
    public TimeSpan TimeToLive { get; internal init; }

    /// <summary>Gets for how much longer an answer may be given while one request asks the model anew.</summary>
    /// <value>The default is zero: an answer is gone when its time is over.</value>
    public TimeSpan StaleFor { get; init; }

    /// <summary>Gets who may be given the same answer.</summary>
    /// <value>The default is <see cref="CacheScope.Tenant"/>.</value>
    public CacheScope Scope { get; init; }

    /// <summary>Gets names by which the answer can be invalidated.</summary>
    /// <value>When <see langword="null"/>, none.</value>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Uses the cache.</summary>
    /// <param name="timeToLive">How long an answer stays; over zero.</param>
    /// <returns>The decision.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeToLive"/> is zero or less.</exception>
    public static CacheDecision Use(TimeSpan timeToLive)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeToLive, TimeSpan.Zero);
        return new CacheDecision(timeToLive);
    }

    /// <summary>Takes over what one request asks for.</summary>
    internal CacheDecision With(CacheDirective directive) => ReferenceEquals(directive, CacheDirective.Default) ? this : this with
    {
        TimeToLive = directive.TimeToLive ?? TimeToLive,
        Scope = directive.Scope ?? Scope,
        Tags = directive.Tags.Count == 0 ? Tags : [.. Tags ?? [], .. directive.Tags],
    };
}
