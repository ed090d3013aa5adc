using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Budgets;

namespace Observability;

/// <summary>A tenant with money, one with none, and a limit of requests.</summary>
internal sealed class TenantBudgets : IBudgetPolicy
{
    private readonly BudgetLimit[] _acme =
    [
        new(new BudgetScope(BudgetScopeKind.Tenant, "acme"), 100m, BudgetWindow.Day()),
        new(new BudgetScope(BudgetScopeKind.Tenant, "acme"), 1_000_000m, BudgetWindow.Day()) { Unit = BudgetUnit.Requests },
    ];

    private readonly BudgetLimit[] _poor = [new(new BudgetScope(BudgetScopeKind.Tenant, "poor"), 0m, BudgetWindow.Day())];

    public IReadOnlyList<BudgetLimit> GetLimits(LlmRequest request) => request.Context.TenantId == "poor" ? _poor : _acme;
}
