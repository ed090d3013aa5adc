namespace IntegrationLayer.Sdk.Budgets;

/// <summary>An amount as ledgers count it, converted once for all limits.</summary>
internal readonly struct BudgetCounts(in BudgetAmount amount)
{
    private readonly long _usd = amount.Usd is { } usd ? BudgetAmount.ToNanoUsd(usd) : Unknown;
    private readonly long _tokens = amount.Tokens;
    private readonly int _requests = amount.Requests;

    /// <summary>Gets what stands for a price that nobody knows: under any count.</summary>
    public static long Unknown => -1;

    /// <summary>Gets the count in a unit, or <see cref="Unknown"/>.</summary>
    public long In(BudgetUnit unit) => unit switch
    {
        BudgetUnit.Usd => _usd,
        BudgetUnit.Tokens => _tokens,
        BudgetUnit.Requests => _requests,
        _ => 1,
    };

    /// <summary>Gets the count in a unit, or another where it is unknown.</summary>
    public long In(BudgetUnit unit, long otherwise) => In(unit) is >= 0 and var count ? count : otherwise;
}
