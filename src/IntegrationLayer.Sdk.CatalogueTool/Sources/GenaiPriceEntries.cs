using System.Globalization;
using System.Text.Json;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.CatalogueTool.Sources;

/// <summary>Reads the <c>prices</c> of a model in @pydantic/genai-prices: one set, or several with a first day or a time of day each, of which the last that holds applies.</summary>
internal static class GenaiPriceEntries
{
    /// <summary>Reads the prices.</summary>
    /// <param name="prices">The value of <c>prices</c>.</param>
    /// <param name="kind">What the model is for.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="first">The only or first set.</param>
    /// <returns>Every set, if there are several.</returns>
    public static IReadOnlyList<PriceVariant> Read(JsonElement prices, ModelKind kind, string name, out ModelPrices first)
    {
        if (prices.ValueKind == JsonValueKind.Object)
        {
            first = ReadSet(prices, kind, name);
            return [];
        }

        List<PriceVariant> variants = [];
        DateTimeOffset? from = null;
        foreach (JsonElement entry in prices.EnumerateArray())
        {
            PriceWindow[] windows = [];
            if (entry.TryGetProperty("constraint", out JsonElement constraint))
            {
                // A time of day that follows a first day belongs to the prices from that day on.
                from = JsonReading.Text(constraint, "start_date") is { } date ? ReadDate(date) : from;
                windows = JsonReading.Text(constraint, "start_time") is { } start
                    ? [new PriceWindow { StartMinute = ReadMinute(start), EndMinute = ReadMinute(JsonReading.Text(constraint, "end_time")!) }]
                    : [];
            }

            variants.Add(new PriceVariant { ValidFrom = from, Windows = windows, Prices = ReadSet(entry.GetProperty("prices"), kind, name) });
        }

        first = variants[0].Prices;
        return variants;
    }

    private static ModelPrices ReadSet(JsonElement set, ModelKind kind, string name)
    {
        ModelPrices prices = new()
        {
            Input = Base(set, "input_mtok"),
            Output = Base(set, "output_mtok"),
            CacheRead = Base(set, "cache_read_mtok"),
            CacheWrite = Base(set, "cache_write_mtok"),
            CacheWriteOneHour = Base(set, "cache_write_1h_mtok"),
            Reasoning = Base(set, "output_reasoning_mtok"),
            AudioInput = Base(set, "input_audio_mtok"),
            AudioOutput = Base(set, "output_audio_mtok"),
            ImageInput = Base(set, "input_image_mtok"),
            ImageOutput = Base(set, "output_image_mtok"),
            PerRequest = Base(set, "requests_kcount") is { } thousand ? JsonReading.Clean(thousand / 1000) : null,
            Tiers = ReadTiers(set),
        };
        if (prices.Input is null or 0 && prices.Output is null or 0 && prices.PerRequest is null)
        {
            return name.EndsWith(":free", StringComparison.Ordinal) ? prices with { Input = 0, Output = 0, CacheRead = 0, CacheWrite = 0 } : ModelPrices.Unknown;
        }

        return prices.Output is null && kind is ModelKind.Embedding or ModelKind.Rerank or ModelKind.Moderation ? prices with { Output = 0 } : prices;
    }

    private static decimal? Base(JsonElement set, string name) =>
        set.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Object
            ? JsonReading.Price(value, "base")
            : JsonReading.Price(set, name);

    private static PriceTier[] ReadTiers(JsonElement set)
    {
        SortedDictionary<long, PriceTier> tiers = [];
        foreach (JsonProperty price in set.EnumerateObject())
        {
            if (price.Value.ValueKind != JsonValueKind.Object || !price.Value.TryGetProperty("tiers", out JsonElement steps))
            {
                continue;
            }

            foreach (JsonElement step in steps.EnumerateArray())
            {
                long start = step.GetProperty("start").GetInt64();
                decimal? value = JsonReading.Price(step, "price");
                PriceTier tier = tiers.GetValueOrDefault(start) ?? new PriceTier { AboveInputTokens = start };
                tiers[start] = price.Name switch
                {
                    "input_mtok" => tier with { Input = value },
                    "output_mtok" => tier with { Output = value },
                    "cache_read_mtok" => tier with { CacheRead = value },
                    "cache_write_mtok" => tier with { CacheWrite = value },
                    _ => tier,
                };
            }
        }

        return [.. tiers.Values];
    }

    private static DateTimeOffset ReadDate(string text) =>
        new(DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture), TimeOnly.MinValue, TimeSpan.Zero);

    private static int ReadMinute(string text)
    {
        TimeOnly time = TimeOnly.ParseExact(text.TrimEnd('Z'), "HH:mm:ss", CultureInfo.InvariantCulture);
        return (time.Hour * 60) + time.Minute;
    }
}
