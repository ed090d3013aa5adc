namespace IntegrationLayer.Sdk.Budgets;

/// <summary>What is held back for one call.</summary>
/// <param name="Id">The ledger's identifier of it; zero stands for nothing held.</param>
/// <param name="Choice">Which of the choices was granted.</param>
/// <param name="Granted">What it may use.</param>
public readonly record struct BudgetReservation(long Id, int Choice, BudgetAmount Granted)
{
    /// <summary>Gets what the ledger needs to find the reservation again, if the identifier isn't enough.</summary>
    public object? State { get; init; }

    /// <summary>Gets a value indicating whether anything is held.</summary>
    public bool IsHeld => Id != 0;
}
