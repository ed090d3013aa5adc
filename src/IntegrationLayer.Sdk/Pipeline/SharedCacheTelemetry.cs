using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Telemetry;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>Counts what the cache that processes share is asked. A request that looks there has looked in vain into memory.</summary>
internal static class SharedCacheTelemetry
{
    private const string Level = "shared";

    private static readonly KeyValuePair<string, object?> Tag = new(Attributes.CacheLevel.Name, Level);

    public static SharedCacheWatch Connect(SharedCacheWatch watch, LlmTelemetry telemetry)
    {
        watch.LookedUp += (result, took) =>
        {
            string name = NameOf(result);
            telemetry.LookedUp(Level, name);
            telemetry.Instruments.CacheLookupDuration?.Record(took.TotalSeconds, CacheTags.Of(Level, name));
        };
        watch.Wrote += (isWritten, size, took) =>
        {
            telemetry.Instruments.CacheWriteDuration?.Record(took.TotalSeconds, telemetry.Details.Write(Level, isWritten));
            telemetry.Instruments.CacheEntrySize?.Record(size, Tag);
        };
        return watch;
    }

    private static string NameOf(SharedCacheResult result) => result switch
    {
        SharedCacheResult.Hit => "hit",
        SharedCacheResult.Miss => "miss",
        SharedCacheResult.Rejected => "rejected",
        _ => "error",
    };
}
