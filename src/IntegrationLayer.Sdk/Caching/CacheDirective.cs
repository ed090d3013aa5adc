namespace IntegrationLayer.Sdk.Caching;

/// <summary>What the cache may do for one request.</summary>
/// <remarks><c>CacheDirective.Refresh with { Tags = ["prices"] }</c> makes one of several settings. What isn't set is as the cache policy says.</remarks>
public sealed record CacheDirective
{
    /// <summary>Gets the directive of requests that give none: whatever the cache policy says.</summary>
    public static CacheDirective Default { get; } = new();

    /// <summary>Gets the directive neither to read nor to write.</summary>
    public static CacheDirective Bypass { get; } = new() { Reads = false, Writes = false };

    /// <summary>Gets the directive to ask the model again, and keep the new answer in place of the old one.</summary>
    public static CacheDirective Refresh { get; } = new() { Reads = false };

    /// <summary>Gets a value indicating whether an answer may come from the cache, or from an identical call in flight.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool Reads { get; init; } = true;

    /// <summary>Gets a value indicating whether the answer may be kept.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool Writes { get; init; } = true;

    /// <summary>Gets how long the answer stays.</summary>
    /// <value>Over zero; when <see langword="null"/>, as long as the policy says.</value>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>Gets who may be given the same answer.</summary>
    /// <value>When <see langword="null"/>, whom the policy says.</value>
    public CacheScope? Scope { get; init; }

    /// <summary>Gets names by which the answer can be invalidated, such as <c>price-list</c>, in addition to the policy's. They aren't part of the key.</summary>
    /// <value>At most 16, of 1 to 128 characters each.</value>
    public IReadOnlyList<string> Tags { get; init; } = [];
}
