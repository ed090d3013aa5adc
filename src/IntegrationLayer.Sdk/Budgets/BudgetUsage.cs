namespace IntegrationLayer.Sdk.Budgets;

/// <summary>How much of a limit is used.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Used">What was used in the current window, in the limit's unit.</param>
/// <param name="Held">What is held back for calls under way.</param>
public readonly record struct BudgetUsage(BudgetLimit Limit, decimal Used, decimal Held)
{
    /// <summary>Gets when the limit is renewed: the end of its calendar period; <see langword="null"/> for all time and rolling windows.</summary>
    public DateTimeOffset? ResetsAt { get; init; }

    /// <summary>Gets what is left; zero when it is used up.</summary>
    public decimal Left => Math.Max(0, Limit.Amount - Used - Held);
}
