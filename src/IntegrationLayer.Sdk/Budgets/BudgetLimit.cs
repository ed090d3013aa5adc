namespace IntegrationLayer.Sdk.Budgets;

/// <summary>The most that a scope may spend in a period.</summary>
/// <param name="Scope">Who pays; its name must not be blank.</param>
/// <param name="AmountUsd">The most, in US dollars; zero or more.</param>
/// <param name="Period">Over zero: how long until the budget is renewed; periods begin at multiples of it since 0001-01-01 UTC.</param>
/// <exception cref="ArgumentException">The scope has no name, the amount is under zero, or the period isn't over zero.</exception>
public sealed record BudgetLimit(BudgetScope Scope, decimal AmountUsd, TimeSpan Period)
{
    /// <summary>Gets who pays.</summary>
    public BudgetScope Scope { get; init => field = Checked(value); } = Checked(Scope);

    /// <summary>Gets the most that may be spent in a period, in US dollars.</summary>
    public decimal AmountUsd { get; init => field = Checked(value); } = Checked(AmountUsd);

    /// <summary>Gets how long until the budget is renewed.</summary>
    public TimeSpan Period { get; init => field = Checked(value); } = Checked(Period);

    private static BudgetScope Checked(BudgetScope scope) => !string.IsNullOrWhiteSpace(scope.Name)
        ? scope
        : throw new ArgumentException($"Scope.Name is '{scope.Name}'; a budget needs the name of who pays, such as tenant:acme.", nameof(scope));

    private static decimal Checked(decimal amountUsd) => amountUsd >= 0
        ? amountUsd
        : throw new ArgumentException(FormattableString.Invariant($"AmountUsd is {amountUsd}; a budget is zero US dollars or more."), nameof(amountUsd));

    private static TimeSpan Checked(TimeSpan period) => period > TimeSpan.Zero
        ? period
        : throw new ArgumentException($"Period is {period}; it must be over zero, such as TimeSpan.FromDays(1).", nameof(period));
}
