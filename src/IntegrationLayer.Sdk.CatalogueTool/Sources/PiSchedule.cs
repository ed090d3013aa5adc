using System.Text.Json;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.CatalogueTool.Sources;

/// <summary>Reads the peak hours and dated rates of @oh-my-pi/pi-catalog.</summary>
/// <remarks>There, prices are those of the peak hours; outside them, and from a dated rate on likewise, a multiplier applies.</remarks>
internal static class PiSchedule
{
    /// <summary>Reads the schedule of a model's cost.</summary>
    public static IReadOnlyList<PriceVariant> Read(JsonElement cost, ModelPrices peak, ModelKind kind, string name)
    {
        if (!cost.TryGetProperty("timeBased", out JsonElement schedule) || !peak.IsKnown)
        {
            return [];
        }

        decimal offPeak = schedule.GetProperty("offPeakMultiplier").GetDecimal();
        PriceWindow[] windows = [.. schedule.GetProperty("peakWindows").EnumerateArray().Select(ReadWindow)];
        List<PriceVariant> variants = [.. Pair(null, peak, offPeak, windows)];
        if (schedule.TryGetProperty("effectiveRates", out JsonElement rates))
        {
            foreach (JsonElement rate in rates.EnumerateArray())
            {
                DateTimeOffset from = DateTimeOffset.FromUnixTimeMilliseconds(rate.GetProperty("effectiveFrom").GetInt64());
                variants.AddRange(Pair(from, PiCatalogSource.ReadPrices(rate, kind, name), offPeak, windows));
            }
        }

        return variants;
    }

    private static PriceVariant[] Pair(DateTimeOffset? from, ModelPrices peak, decimal offPeak, PriceWindow[] windows) =>
    [
        new PriceVariant { ValidFrom = from, Prices = PriceMath.Scale(peak, offPeak) },
        new PriceVariant { ValidFrom = from, Prices = peak, Windows = windows },
    ];

    private static PriceWindow ReadWindow(JsonElement window) => new()
    {
        Days = [.. window.GetProperty("weekdays").EnumerateArray().Select(day => (DayOfWeek)day.GetInt32())],
        StartMinute = window.GetProperty("startMinute").GetInt32(),
        EndMinute = window.GetProperty("endMinute").GetInt32(),
    };
}
