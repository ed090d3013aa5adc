namespace IntegrationLayer.Sdk.Budgets;

/// <summary>Who pays.</summary>
/// <param name="Name">A name such as <c>tenant:acme</c>.</param>
public readonly record struct BudgetScope(string Name)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
