using FsCheck.NUnit;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Models;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace IntegrationLayer.Sdk.Tests.Costing;

/// <summary>What must hold for any prices and any usage. Prices have four places per million tokens.</summary>
public sealed class CostPropertyTests
{
    [Property(MaxTest = 300)]
    public bool Cost_is_never_negative(uint[] prices, ushort[] counts) => Cost(Prices(prices), Usage(counts)) >= 0m;

    [Property(MaxTest = 300)]
    public bool Cost_does_not_fall_when_a_token_is_added(uint[] prices, ushort[] counts, byte which)
    {
        ModelPrices flat = Prices(prices);
        long[] more = Pad(counts);
        more[which % more.Length]++;
        return Cost(flat, Usage(more)) >= Cost(flat, Usage(counts));
    }

    [Property(MaxTest = 300)]
    public bool Cost_of_two_calls_is_the_cost_of_their_sum_within_one_tier(uint[] prices, ushort[] left, ushort[] right)
    {
        ModelPrices flat = Prices(prices) with { PerRequest = null };
        long[] sum = [.. Pad(left).Zip(Pad(right), (a, b) => a + b)];
        return Cost(flat, Usage(sum)) == Cost(flat, Usage(left)) + Cost(flat, Usage(right));
    }

    [Property(MaxTest = 300)]
    public bool Bound_covers_any_usage_within_it(uint[] prices, ushort[] counts, ushort tierAt, uint[] tierPrices, byte slack)
    {
        ModelPrices tiered = Prices(prices) with { Tiers = [Tier(tierAt, tierPrices)] };
        TokenUsage usage = Usage(counts);
        LlmCost bound = CostCalculator.UpperBound(tiered, usage.TotalInput + slack, usage.TotalOutput + slack, TokenKinds.All);
        return bound.Usd >= Cost(tiered, usage);
    }

    [Property(MaxTest = 300)]
    public bool Integer_rates_are_at_most_one_picodollar_per_token_too_high(uint[] prices, ushort input, ushort output, ushort tierAt, uint[] tierPrices)
    {
        // Seven and eight places per million tokens, so that rounding happens.
        ModelPrices tiered = Prices(prices) with { Tiers = [Tier(tierAt, tierPrices)], Reasoning = null };
        tiered = tiered with { Input = tiered.Input / 10_000m, Output = tiered.Output / 1_000m };
        decimal exact = Exact(tiered, input, output);
        decimal integer = TokenRates.ToUsd(TokenRates.From(tiered).Cost(input, output));
        return integer >= exact && integer - exact <= (input + output + 1) * 0.000000000001m;
    }

    // Computed apart from the calculator, which rounds.
    private static decimal Exact(ModelPrices prices, long input, long output)
    {
        PriceTier tier = prices.Tiers[0];
        bool isLong = input > tier.AboveInputTokens;
        decimal inputPrice = isLong ? tier.Input!.Value : prices.Input!.Value;
        decimal outputPrice = isLong ? tier.Output!.Value : prices.Output!.Value;
        return (((input * inputPrice) + (output * outputPrice)) / 1_000_000m) + prices.PerRequest!.Value;
    }

    private static decimal Cost(ModelPrices prices, TokenUsage usage) => CostCalculator.Calculate(prices, usage, PriceStatus.Exact).Usd;

    private static long[] Pad(ushort[] counts) => [.. Enumerable.Range(0, 10).Select(i => i < counts.Length ? (long)counts[i] : 0)];

    private static TokenUsage Usage(ushort[] counts) => Usage(Pad(counts));

    private static TokenUsage Usage(long[] counts) => new()
    {
        Input = counts[0],
        CacheRead = counts[1],
        CacheWrite = counts[2],
        CacheWriteOneHour = counts[3],
        Output = counts[4],
        Reasoning = counts[5],
        AudioInput = counts[6],
        AudioOutput = counts[7],
        ImageInput = counts[8],
        ImageOutput = counts[9],
    };

    private static ModelPrices Prices(uint[] prices) => new()
    {
        Input = Price(prices, 0),
        Output = Price(prices, 1),
        CacheRead = Price(prices, 2),
        CacheWrite = Price(prices, 3),
        CacheWriteOneHour = Price(prices, 4),
        Reasoning = Price(prices, 5),
        AudioInput = Price(prices, 6),
        AudioOutput = Price(prices, 7),
        ImageInput = Price(prices, 8),
        ImageOutput = Price(prices, 9),
        PerRequest = Price(prices, 10),
    };

    private static PriceTier Tier(long above, uint[] prices) => new()
    {
        AboveInputTokens = above,
        Input = Price(prices, 0),
        Output = Price(prices, 1),
        CacheRead = Price(prices, 2),
        CacheWrite = Price(prices, 3),
    };

    private static decimal Price(uint[] prices, int index) => index < prices.Length ? prices[index] % 10_000_000 / 10_000m : index + 0.5m;
}
