namespace IntegrationLayer.Sdk.Budgets;

/// <summary>One way to serve a request, and what it may use at most.</summary>
/// <param name="Amount">The most that it may use.</param>
public readonly record struct BudgetChoice(BudgetAmount Amount)
{
    /// <summary>Gets which limits don't count it, as bits by their position: another provider's or model's.</summary>
    public ulong Spares { get; init; }

    /// <summary>Tells whether a limit counts it.</summary>
    /// <param name="limit">The limit's position.</param>
    /// <returns>Whether it does.</returns>
    public bool CountsAgainst(int limit) => ((Spares >> limit) & 1) == 0;
}
