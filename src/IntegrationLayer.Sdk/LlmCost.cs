using System.Globalization;

namespace IntegrationLayer.Sdk;

/// <summary>An amount of money, and how far it can be trusted.</summary>
/// <param name="Usd">The amount, in US dollars. Zero when <paramref name="Status"/> is <see cref="PriceStatus.Unknown"/>.</param>
/// <param name="Status">Where the amount comes from.</param>
public readonly record struct LlmCost(decimal Usd, PriceStatus Status)
{
    // Dividing by it takes the trailing zeros off.
    private const decimal Unscaled = 1.0000000000000000000000000000m;

    /// <summary>Gets the cost of a call that was not made.</summary>
    public static LlmCost None { get; } = new(0m, PriceStatus.Free);

    /// <summary>Gets the cost of a call whose price nobody knows.</summary>
    public static LlmCost Unknown { get; } = new(0m, PriceStatus.Unknown);

    /// <summary>Gets a value indicating whether the amount is what the provider's own token counts and known prices come to.</summary>
    public bool IsExact => Status is PriceStatus.Exact or PriceStatus.Free;

    /// <summary>Adds two costs; the sum is as trustworthy as the less trustworthy of them.</summary>
    /// <param name="left">One cost.</param>
    /// <param name="right">The other.</param>
    /// <returns>The sum.</returns>
    public static LlmCost operator +(LlmCost left, LlmCost right) => Add(left, right);

    /// <summary>Adds two costs; the sum is as trustworthy as the less trustworthy of them.</summary>
    /// <param name="left">One cost.</param>
    /// <param name="right">The other.</param>
    /// <returns>The sum.</returns>
    public static LlmCost Add(LlmCost left, LlmCost right) => new(left.Usd + right.Usd, left.Status > right.Status ? left.Status : right.Status);

    /// <summary>Gives the amount: <c>$0.0012</c> if exact, <c>~$0.0012</c> if estimated, <c>≤$0.0012</c> if an upper bound, or <c>unknown</c>.</summary>
    /// <returns>The text, in the invariant culture.</returns>
    public override string ToString() => Status is PriceStatus.Unknown
        ? "unknown"
        : string.Create(CultureInfo.InvariantCulture, $"{Sign}${Usd / Unscaled}");

    private string Sign => Status switch
    {
        PriceStatus.Estimated => "~",
        PriceStatus.UpperBound => "≤",
        _ => "",
    };
}
