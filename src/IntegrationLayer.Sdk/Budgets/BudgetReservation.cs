namespace IntegrationLayer.Sdk.Budgets;

/// <summary>Money held back for one call.</summary>
/// <param name="Id">The ledger's identifier of it.</param>
/// <param name="Choice">Which of the amounts asked for was granted.</param>
/// <param name="GrantedUsd">The amount, in US dollars.</param>
public readonly record struct BudgetReservation(string Id, int Choice, decimal GrantedUsd);
