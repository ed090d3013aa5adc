using IntegrationLayer.Sdk.Budgets;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>A window that a request counts in, and the limits that it counts against there.</summary>
/// <param name="Window">The window.</param>
/// <param name="Limits">The limits, and their positions in the demand.</param>
internal sealed record CountedWindow(RedisWindow Window, List<(BudgetLimit Limit, int Index)> Limits)
{
    // A script compares in double precision: beyond 2^53, more than its rounding is kept free.
    private const long Exact = 1L << 53;
    private const long Rounding = 4_096;

    /// <summary>Gets what counts in one unit.</summary>
    public BudgetUnit Unit => Window.Counter.Unit;

    /// <summary>Gets the smallest hard limit; <see langword="null"/> if all are soft.</summary>
    public BudgetLimit? Hardest => Limits.Select(static l => l.Limit).Where(static l => !l.IsSoft).MinBy(static l => l.Count);

    /// <summary>Gets the most that a script may let be counted; <see langword="null"/> if all are soft.</summary>
    public long? Most => Hardest is not { } limit ? null : limit.Count > Exact ? limit.Count - Rounding : limit.Count;

    /// <summary>Tells whether a choice counts here.</summary>
    public bool Counts(BudgetChoice choice) => choice.CountsAgainst(Limits[0].Index);
}
