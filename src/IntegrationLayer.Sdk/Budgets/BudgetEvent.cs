namespace IntegrationLayer.Sdk.Budgets;

/// <summary>Something that happened to a budget.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Limit">The limit.</param>
/// <param name="At">When.</param>
public sealed record BudgetEvent(BudgetEventKind Kind, BudgetLimit Limit, DateTimeOffset At)
{
    /// <summary>Gets the threshold that was reached, in per cent of the limit; zero for other events.</summary>
    public int Threshold { get; init; }

    /// <summary>Gets what was used in the current window, in the limit's unit.</summary>
    public decimal Used { get; init; }

    /// <summary>Gets what the event is about, in the limit's unit: what was charged for an expired reservation, or went on uncounted.</summary>
    public decimal Amount { get; init; }
}
