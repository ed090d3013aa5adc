namespace IntegrationLayer.Sdk.Caching;

/// <summary>What requests and options may ask of the cache.</summary>
internal static class CacheLimits
{
    public const int MostTags = 16;
    public const int LongestTag = 128;

    public static readonly TimeSpan LongestTime = TimeSpan.FromDays(90);
}
