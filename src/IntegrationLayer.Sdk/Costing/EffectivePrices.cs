using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>The price of every token class, in US dollars per million tokens, after tiers and fallbacks. Null when nobody knows it.</summary>
/// <remarks>
/// The fallbacks are those documented on <see cref="ModelPrices"/>. A tier has no price of its own for one-hour cache writes and for
/// reasoning; they keep their ratio to cache writes and to output, because that is how they are sold (Anthropic's one-hour write is
/// 1.6 times its five-minute write below and above 200,000 tokens). Audio and image prices are the same in every tier.
/// A model with a price per request and no price of tokens at all is sold by the request, so its tokens cost nothing.
/// </remarks>
internal readonly record struct EffectivePrices
{
    private EffectivePrices(ModelPrices prices, PriceTier? tier)
    {
        decimal? free = prices is { PerRequest: not null, Input: null, Output: null } ? 0m : null;
        Input = tier?.Input ?? prices.Input ?? free;
        Output = tier?.Output ?? prices.Output ?? free;
        CacheRead = tier?.CacheRead ?? prices.CacheRead ?? Input;
        CacheWrite = tier?.CacheWrite ?? prices.CacheWrite ?? Input;
        CacheWriteOneHour = InProportion(prices.CacheWriteOneHour, prices.CacheWrite ?? prices.Input, CacheWrite) ?? CacheWrite;
        Reasoning = InProportion(prices.Reasoning, prices.Output, Output) ?? Output;
        AudioInput = prices.AudioInput ?? Input;
        ImageInput = prices.ImageInput ?? Input;
        AudioOutput = prices.AudioOutput ?? Output;
        ImageOutput = prices.ImageOutput ?? Output;
    }

    public decimal? Input { get; }

    public decimal? CacheRead { get; }

    public decimal? CacheWrite { get; }

    public decimal? CacheWriteOneHour { get; }

    public decimal? Output { get; }

    public decimal? Reasoning { get; }

    public decimal? AudioInput { get; }

    public decimal? AudioOutput { get; }

    public decimal? ImageInput { get; }

    public decimal? ImageOutput { get; }

    /// <summary>The prices of a request with so many input tokens of all classes together.</summary>
    public static EffectivePrices ForInput(ModelPrices prices, long totalInput)
    {
        PriceTier? applying = null;
        IReadOnlyList<PriceTier> tiers = prices.Tiers;
        for (int i = 0; i < tiers.Count; i++)
        {
            if (totalInput > tiers[i].AboveInputTokens)
            {
                applying = tiers[i];
            }
        }

        return new EffectivePrices(prices, applying);
    }

    /// <summary>The prices within one tier, or below all of them.</summary>
    public static EffectivePrices InTier(ModelPrices prices, PriceTier? tier) => new(prices, tier);

    private static decimal? InProportion(decimal? price, decimal? parentBelow, decimal? parentNow)
    {
        if (price is not { } below || parentBelow == parentNow)
        {
            return price;
        }

        return parentBelow is > 0m && parentNow is { } now ? decimal.Round(below * now / parentBelow.Value, 12) : price;
    }
}
