using IntegrationLayer.Sdk.Budgets;

namespace IntegrationLayer.Sdk.Integration.Tests.Chaos;

/// <summary>A budget for each tenant, and one for all that one tenant can't exhaust alone.</summary>
internal sealed class TenantBudgets : IBudgetPolicy
{
    private readonly Dictionary<string, BudgetLimit[]> _limits;

    /// <param name="tenants">The tenants.</param>
    /// <param name="usd">What each may spend.</param>
    public TenantBudgets(IEnumerable<string> tenants, decimal usd)
    {
        var all = new BudgetLimit(new BudgetScope(BudgetScopeKind.Organization, "all"), usd * 100, BudgetWindow.Total);
        _limits = tenants.ToDictionary(
            tenant => tenant, tenant => (BudgetLimit[])[all, new BudgetLimit(new BudgetScope(BudgetScopeKind.Tenant, tenant), usd, BudgetWindow.Total)]);
    }

    public IReadOnlyList<BudgetLimit> All => [.. _limits.Values.SelectMany(limits => limits).Distinct()];

    public IReadOnlyList<BudgetLimit> GetLimits(LlmRequest request) => _limits[request.Context.TenantId!];
}
