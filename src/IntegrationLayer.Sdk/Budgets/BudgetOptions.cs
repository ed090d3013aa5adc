namespace IntegrationLayer.Sdk.Budgets;

/// <summary>The budgets that hold for all requests.</summary>
public sealed class BudgetOptions
{
    /// <summary>Gets the limits. A request counts against every one whose scope it belongs to, at most 64.</summary>
    public IList<BudgetLimitOptions> Limits { get; } = [];
}
