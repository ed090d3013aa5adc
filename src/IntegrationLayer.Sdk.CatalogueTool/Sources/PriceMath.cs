using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.CatalogueTool.Sources;

/// <summary>Arithmetic on prices.</summary>
internal static class PriceMath
{
    /// <summary>Multiplies every price by a factor.</summary>
    public static ModelPrices Scale(ModelPrices prices, decimal factor) => new()
    {
        Input = Times(prices.Input, factor),
        Output = Times(prices.Output, factor),
        CacheRead = Times(prices.CacheRead, factor),
        CacheWrite = Times(prices.CacheWrite, factor),
        CacheWriteOneHour = Times(prices.CacheWriteOneHour, factor),
        Reasoning = Times(prices.Reasoning, factor),
        AudioInput = Times(prices.AudioInput, factor),
        AudioOutput = Times(prices.AudioOutput, factor),
        ImageInput = Times(prices.ImageInput, factor),
        ImageOutput = Times(prices.ImageOutput, factor),
        PerRequest = Times(prices.PerRequest, factor),
        Tiers = [.. prices.Tiers.Select(tier => tier with
        {
            Input = Times(tier.Input, factor),
            Output = Times(tier.Output, factor),
            CacheRead = Times(tier.CacheRead, factor),
            CacheWrite = Times(tier.CacheWrite, factor),
        })],
    };

    /// <summary>Takes from another source the price classes that this one lacks.</summary>
    public static ModelPrices Fill(ModelPrices prices, ModelPrices other) => prices with
    {
        CacheRead = prices.CacheRead ?? other.CacheRead,
        CacheWrite = prices.CacheWrite ?? other.CacheWrite,
        CacheWriteOneHour = prices.CacheWriteOneHour ?? other.CacheWriteOneHour,
        Reasoning = prices.Reasoning ?? other.Reasoning,
        AudioInput = prices.AudioInput ?? other.AudioInput,
        AudioOutput = prices.AudioOutput ?? other.AudioOutput,
        ImageInput = prices.ImageInput ?? other.ImageInput,
        ImageOutput = prices.ImageOutput ?? other.ImageOutput,
        PerRequest = prices.PerRequest ?? other.PerRequest,
        Tiers = prices.Tiers.Count > 0 ? prices.Tiers : other.Tiers,
    };

    /// <summary>Says whether two prices differ by more than a share of the first.</summary>
    public static bool Differ(decimal? before, decimal? after, decimal share) =>
        before is null || after is null ? before != after : Math.Abs(after.Value - before.Value) > share * before.Value;

    private static decimal? Times(decimal? price, decimal factor) => price is null ? null : JsonReading.Clean(price.Value * factor);
}
