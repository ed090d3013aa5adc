namespace IntegrationLayer.Sdk.Budgets;

/// <summary>The most that a scope may spend in a period.</summary>
/// <param name="Scope">Who pays.</param>
/// <param name="AmountUsd">The most, in US dollars.</param>
/// <param name="Period">How long until the budget is renewed; periods begin at multiples of it since 0001-01-01 UTC.</param>
public sealed record BudgetLimit(BudgetScope Scope, decimal AmountUsd, TimeSpan Period);
