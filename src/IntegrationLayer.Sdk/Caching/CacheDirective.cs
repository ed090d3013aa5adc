namespace IntegrationLayer.Sdk.Caching;

/// <summary>What a caller allows the cache to do for one request.</summary>
public enum CacheDirective
{
    /// <summary>Whatever the cache policy says.</summary>
    Default = 0,

    /// <summary>Neither read nor write.</summary>
    Bypass,

    /// <summary>Write, but don't read.</summary>
    Refresh,
}
