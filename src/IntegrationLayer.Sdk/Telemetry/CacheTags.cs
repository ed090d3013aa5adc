namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>The sets of attributes of looks into the cache.</summary>
internal static class CacheTags
{
    private static readonly string[] Levels = ["exact", "semantic", "shared"];
    private static readonly string[] Results = ["hit", "miss", "stale", "error", "rejected"];

    private static readonly KeyValuePair<string, object?>[][] Sets =
    [
        .. from level in Levels from result in Results
           select new KeyValuePair<string, object?>[] { new(Attributes.CacheLevel.Name, level), new(Attributes.CacheResult.Name, result) },
    ];

    /// <summary>Gets a set.</summary>
    public static KeyValuePair<string, object?>[] Of(string level, string result) => Sets[(Array.IndexOf(Levels, level) * Results.Length) + Array.IndexOf(Results, result)];
}
