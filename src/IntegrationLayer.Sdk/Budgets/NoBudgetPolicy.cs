namespace IntegrationLayer.Sdk.Budgets;

/// <summary>The default: no limits.</summary>
internal sealed class NoBudgetPolicy : IBudgetPolicy
{
    public IReadOnlyList<BudgetLimit> GetLimits(LlmRequest request) => [];
}
