namespace IntegrationLayer.Sdk.Budgets;

/// <summary>What a call may use, or has used, in every unit that a budget may count.</summary>
/// <param name="Usd">US dollars, zero or more; <see langword="null"/> if nobody knows the price, which no limit in US dollars can pay.</param>
/// <param name="Tokens">Tokens of input and output, zero or more.</param>
/// <param name="Requests">Calls that a provider works on: 1, or 0 for one that was never sent or was turned away.</param>
/// <exception cref="ArgumentException">A value is under zero.</exception>
public readonly record struct BudgetAmount(decimal? Usd, long Tokens, int Requests = 1)
{
    private const decimal NanosPerUsd = 1_000_000_000m;

    // Nine billion dollars in billionths still leave room to add in 64 bits.
    private const decimal MostUsd = 9_000_000_000m;

    /// <summary>Gets US dollars; <see langword="null"/> if nobody knows the price.</summary>
    public decimal? Usd { get; init => field = value is not < 0 ? value : throw Negative(nameof(Usd), value.Value); } = Usd is not < 0 ? Usd : throw Negative(nameof(Usd), Usd.Value);

    /// <summary>Gets tokens of input and output.</summary>
    public long Tokens { get; init => field = value >= 0 ? value : throw Negative(nameof(Tokens), value); } = Tokens >= 0 ? Tokens : throw Negative(nameof(Tokens), Tokens);

    /// <summary>Gets calls that a provider works on.</summary>
    public int Requests { get; init => field = value >= 0 ? value : throw Negative(nameof(Requests), value); } = Requests >= 0 ? Requests : throw Negative(nameof(Requests), Requests);

    /// <summary>Gets the amount of a call that was never made.</summary>
    public static BudgetAmount None { get; } = new(0m, 0, 0);

    /// <summary>Converts US dollars to the billionths that ledgers count in, rounded up.</summary>
    /// <param name="usd">US dollars, zero or more.</param>
    /// <returns>Nano-US-dollars, at most those of 9 billion dollars.</returns>
    public static long ToNanoUsd(decimal usd) => usd >= MostUsd ? (long)(MostUsd * NanosPerUsd) : decimal.ToInt64(decimal.Ceiling(usd * NanosPerUsd));

    /// <summary>Converts the billionths that ledgers count in to US dollars.</summary>
    /// <param name="nanos">Nano-US-dollars.</param>
    /// <returns>US dollars.</returns>
    public static decimal FromNanoUsd(long nanos) => nanos / NanosPerUsd;

    /// <summary>Gets the amount as a ledger counts it.</summary>
    /// <param name="unit">The unit of a budget.</param>
    /// <returns>Nano-US-dollars rounded up, tokens, requests, or 1 for a call under way; <see langword="null"/> if it is unknown.</returns>
    public long? CountIn(BudgetUnit unit) => unit switch
    {
        BudgetUnit.Usd => Usd is { } usd ? ToNanoUsd(usd) : null,
        BudgetUnit.Tokens => Tokens,
        BudgetUnit.Requests => Requests,
        _ => 1,
    };

    private static ArgumentException Negative(string name, decimal value) =>
        new(FormattableString.Invariant($"{name} is {value}; what a call uses is zero or more."), name);
}
