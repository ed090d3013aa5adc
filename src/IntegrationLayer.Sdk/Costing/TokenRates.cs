using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>Prices as whole picodollars (10⁻¹² US dollars) per token, for comparing thousands of deployments without decimals.</summary>
/// <remarks>
/// A price is exact if it has up to six places per million tokens, otherwise rounded up, so a cost by these rates is at least the
/// exact cost and at most one picodollar per token above it. Amounts stop at <see cref="MaxPicoUsd"/> (about 9.2 million dollars).
/// </remarks>
internal readonly record struct TokenRates
{
    /// <summary>The largest amount and rate: about 9.2 million US dollars.</summary>
    public const long MaxPicoUsd = long.MaxValue;

    private const decimal PicoPerUsd = 1_000_000_000_000m;
    private const decimal PicoPerTokenPerPrice = 1_000_000m;

    private readonly TierRates[]? _tiers;

    private TokenRates(TierRates below, long perRequest, TierRates[]? tiers)
    {
        Input = below.Input;
        Output = below.Output;
        PerRequest = perRequest;
        IsKnown = true;
        _tiers = tiers;
    }

    /// <summary>Whether input and output both have a price.</summary>
    public bool IsKnown { get; }

    /// <summary>Picodollars per input token below all tiers.</summary>
    public long Input { get; }

    /// <summary>Picodollars per output token below all tiers; the dearer of visible output and reasoning.</summary>
    public long Output { get; }

    /// <summary>Picodollars per request.</summary>
    public long PerRequest { get; }

    /// <summary>Converts a model's prices. Rates are not <see cref="IsKnown"/> when the price of input or output is missing.</summary>
    /// <param name="prices">The prices.</param>
    /// <param name="writes">Whether the model has output tokens. Embeddings have none, and need no price for them.</param>
    /// <returns>The rates.</returns>
    public static TokenRates From(ModelPrices prices, bool writes = true)
    {
        ArgumentNullException.ThrowIfNull(prices);
        EffectivePrices below = EffectivePrices.InTier(prices, null);
        if (below.Input is null || (writes && below.Output is null))
        {
            return default;
        }

        // What has a price below the tiers has one in each of them, because a tier only replaces prices.
        TierRates[]? tiers = prices.Tiers.Count == 0
            ? null
            : [.. prices.Tiers.Select(tier => Convert(EffectivePrices.InTier(prices, tier), tier.AboveInputTokens))];
        return new TokenRates(Convert(below, 0), ToPico(prices.PerRequest ?? 0m, PicoPerUsd), tiers);
    }

    /// <summary>What a request costs, in picodollars, in the tier that its input falls into.</summary>
    /// <param name="input">Input tokens, none of them cached. Not negative.</param>
    /// <param name="output">Output tokens. Not negative.</param>
    /// <returns>The amount; <see cref="MaxPicoUsd"/> if it is larger. Zero when <see cref="IsKnown"/> is false: check that first.</returns>
    public long Cost(long input, long output)
    {
        long perInput = Input;
        long perOutput = Output;
        if (_tiers is { } tiers && input > tiers[0].Above)
        {
            foreach (TierRates tier in tiers)
            {
                if (input > tier.Above)
                {
                    perInput = tier.Input;
                    perOutput = tier.Output;
                }
            }
        }

        return Sum(Sum(Product(input, perInput), Product(output, perOutput)), PerRequest);
    }

    /// <summary>Turns picodollars into dollars.</summary>
    /// <param name="picoUsd">The amount.</param>
    /// <returns>The same amount in US dollars.</returns>
    public static decimal ToUsd(long picoUsd) => picoUsd / PicoPerUsd;

    private static TierRates Convert(in EffectivePrices at, long above)
    {
        decimal output = Math.Max(at.Output ?? 0m, at.Reasoning ?? 0m);
        return new TierRates(above, ToPico(at.Input ?? 0m, PicoPerTokenPerPrice), ToPico(output, PicoPerTokenPerPrice));
    }

    private static long ToPico(decimal price, decimal unit) =>
        price >= MaxPicoUsd / unit ? MaxPicoUsd : (long)decimal.Ceiling(Math.Max(0m, price) * unit);

    private static long Product(long tokens, long rate)
    {
        // True of every call and price so far (4,294 dollars per million tokens), and four times as fast.
        if ((ulong)tokens <= int.MaxValue && (ulong)rate <= uint.MaxValue)
        {
            return tokens * rate;
        }

        long high = Math.BigMul(tokens, rate, out long low);
        return high == 0 && low >= 0 ? low : MaxPicoUsd;
    }

    private static long Sum(long left, long right)
    {
        long sum = unchecked(left + right);
        return sum < 0 ? MaxPicoUsd : sum;
    }

    private readonly record struct TierRates(long Above, long Input, long Output);
}
