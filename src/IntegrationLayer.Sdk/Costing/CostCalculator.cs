using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>Turns token counts and prices into money. Decimal throughout; rounded once, to <see cref="Decimals"/> places.</summary>
internal static class CostCalculator
{
    /// <summary>Places after the point that a cost is rounded to (half away from zero): one trillionth of a dollar.</summary>
    /// <remarks>Prices with up to six places per million tokens, which all list prices of 2026 have, are never rounded.</remarks>
    public const int Decimals = 12;

    private const decimal PerMillion = 0.000001m;

    /// <summary>What a call costs.</summary>
    /// <param name="prices">The model's prices at the time of the call.</param>
    /// <param name="usage">Its tokens. A negative count is taken for zero.</param>
    /// <param name="basis">How far the token counts can be trusted.</param>
    /// <returns>
    /// <see cref="LlmCost.Unknown"/> when a price is missing for a class that has tokens, or when nothing is known about the prices;
    /// <see cref="PriceStatus.Free"/> when every price that counts is zero; otherwise the amount with <paramref name="basis"/>.
    /// </returns>
    public static LlmCost Calculate(ModelPrices prices, in TokenUsage usage, PriceStatus basis) =>
        Calculate(prices, usage, basis, out _);

    /// <summary>What a call costs, and for which tokens.</summary>
    /// <param name="prices">The model's prices at the time of the call.</param>
    /// <param name="usage">Its tokens. A negative count is taken for zero.</param>
    /// <param name="basis">How far the token counts can be trusted.</param>
    /// <param name="breakdown">The amount of each class; all zero when the cost is unknown.</param>
    /// <returns>As <see cref="Calculate(ModelPrices, in TokenUsage, PriceStatus)"/>.</returns>
    public static LlmCost Calculate(ModelPrices prices, in TokenUsage usage, PriceStatus basis, out CostBreakdown breakdown)
    {
        ArgumentNullException.ThrowIfNull(prices);
        breakdown = default;
        if (basis is PriceStatus.Unknown || !prices.IsKnown)
        {
            return LlmCost.Unknown;
        }

        EffectivePrices at = EffectivePrices.ForInput(prices, usage.TotalInput);
        bool missing = false;
        bool charged = prices.PerRequest > 0m;
        CostBreakdown amounts = new()
        {
            Input = Amount(usage.Input, at.Input, ref missing, ref charged),
            CacheRead = Amount(usage.CacheRead, at.CacheRead, ref missing, ref charged),
            CacheWrite = Amount(usage.CacheWrite, at.CacheWrite, ref missing, ref charged)
                + Amount(usage.CacheWriteOneHour, at.CacheWriteOneHour, ref missing, ref charged),
            Output = Amount(usage.Output, at.Output, ref missing, ref charged),
            Reasoning = Amount(usage.Reasoning, at.Reasoning, ref missing, ref charged),
            Audio = Amount(usage.AudioInput, at.AudioInput, ref missing, ref charged)
                + Amount(usage.AudioOutput, at.AudioOutput, ref missing, ref charged),
            Image = Amount(usage.ImageInput, at.ImageInput, ref missing, ref charged)
                + Amount(usage.ImageOutput, at.ImageOutput, ref missing, ref charged),
            PerRequest = prices.PerRequest ?? 0m,
            Searches = Fee(usage.WebSearches, prices.PerSearch, ref missing, ref charged),
        };
        if (missing)
        {
            return LlmCost.Unknown;
        }

        breakdown = amounts;
        return charged ? new LlmCost(Round(amounts.Total), basis) : LlmCost.None;
    }

    /// <summary>The most that a call can cost if it stays within the given numbers of tokens.</summary>
    /// <param name="prices">The model's prices.</param>
    /// <param name="input">The most input tokens, of all classes together.</param>
    /// <param name="output">The most output tokens, of all classes together.</param>
    /// <param name="kinds">The classes that the tokens may turn out to be of, besides text, prompt-cache reads and reasoning.</param>
    /// <returns>
    /// Every token at the dearest of its possible classes, in the dearest tier that the input can reach; a tier counts as reachable
    /// when its limit is below 5/4 of <paramref name="input"/>, for the case that the input was estimated too low.
    /// <see cref="LlmCost.Unknown"/> when a price is missing.
    /// </returns>
    public static LlmCost UpperBound(ModelPrices prices, long input, long output, TokenKinds kinds = TokenKinds.Text)
    {
        ArgumentNullException.ThrowIfNull(prices);
        input = Math.Max(0, input);
        output = Math.Max(0, output);
        if (!prices.IsKnown)
        {
            return LlmCost.Unknown;
        }

        if (Bound(EffectivePrices.InTier(prices, null), input, output, kinds) is not { } bound)
        {
            return LlmCost.Unknown;
        }

        foreach (PriceTier tier in prices.Tiers)
        {
            if (input + (input / 4) > tier.AboveInputTokens)
            {
                // A tier only replaces prices, so what has one below the tiers has one here.
                bound = Math.Max(bound, Bound(EffectivePrices.InTier(prices, tier), input, output, kinds).GetValueOrDefault());
            }
        }

        bound = Round(bound + (prices.PerRequest ?? 0m));
        return bound == 0m && input + output > 0 ? LlmCost.None : new LlmCost(bound, PriceStatus.UpperBound);
    }

    private static decimal? Bound(in EffectivePrices at, long input, long output, TokenKinds kinds)
    {
        decimal? perInput = Dearest(at.Input, at.CacheRead, true);
        perInput = Dearest(perInput, at.CacheWrite, (kinds & TokenKinds.CacheWrite) != 0);
        perInput = Dearest(perInput, at.CacheWriteOneHour, (kinds & TokenKinds.CacheWriteOneHour) != 0);
        perInput = Dearest(perInput, at.AudioInput, (kinds & TokenKinds.AudioInput) != 0);
        perInput = Dearest(perInput, at.ImageInput, (kinds & TokenKinds.ImageInput) != 0);
        decimal? perOutput = Dearest(at.Output, at.Reasoning, true);
        perOutput = Dearest(perOutput, at.AudioOutput, (kinds & TokenKinds.AudioOutput) != 0);
        perOutput = Dearest(perOutput, at.ImageOutput, (kinds & TokenKinds.ImageOutput) != 0);
        if ((input > 0 && perInput is null) || (output > 0 && perOutput is null))
        {
            return null;
        }

        return ((input * (perInput ?? 0m)) + (output * (perOutput ?? 0m))) * PerMillion;
    }

    // A missing price makes the bound unknown only where the class can occur.
    private static decimal? Dearest(decimal? soFar, decimal? other, bool possible)
    {
        if (!possible)
        {
            return soFar;
        }

        return soFar is { } left && other is { } right ? Math.Max(left, right) : null;
    }

    private static decimal Amount(long tokens, decimal? price, ref bool missing, ref bool charged) =>
        Fee(tokens, price, ref missing, ref charged) * PerMillion;

    private static decimal Fee(long count, decimal? price, ref bool missing, ref bool charged)
    {
        if (count <= 0)
        {
            return 0m;
        }

        if (price is not { } known)
        {
            missing = true;
            return 0m;
        }

        // A call is free only if nothing that it used has a price.
        charged |= known != 0m;
        return count * known;
    }

    private static decimal Round(decimal amount) => WithoutTrailingZeros(decimal.Round(amount, Decimals, MidpointRounding.AwayFromZero));

    // So that amounts print as $0.0075, not $0.007500000.
    private static decimal WithoutTrailingZeros(decimal amount)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(amount, parts);
        int scale = amount.Scale;
        if (scale == 0 || parts[2] != 0)
        {
            return amount;
        }

        ulong digits = ((ulong)(uint)parts[1] << 32) | (uint)parts[0];
        while (scale > 0 && digits % 10 == 0)
        {
            digits /= 10;
            scale--;
        }

        return new decimal((int)digits, (int)(digits >> 32), hi: 0, decimal.IsNegative(amount), (byte)scale);
    }
}
