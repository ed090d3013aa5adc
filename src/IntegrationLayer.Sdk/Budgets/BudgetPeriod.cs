namespace IntegrationLayer.Sdk.Budgets;

/// <summary>One stretch of time in which a budget counts.</summary>
/// <param name="Start">Its first moment, in UTC.</param>
/// <param name="End">The first moment after it, in UTC: when the budget is renewed.</param>
public readonly record struct BudgetPeriod(DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>Tells whether a moment lies in it.</summary>
    /// <param name="moment">The moment.</param>
    /// <returns>Whether it does.</returns>
    public bool Contains(DateTimeOffset moment) => moment >= Start && moment < End;
}
