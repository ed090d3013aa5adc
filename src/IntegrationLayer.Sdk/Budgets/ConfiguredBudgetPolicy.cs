namespace IntegrationLayer.Sdk.Budgets;

/// <summary>The default: the limits of the configuration in force, which are none until some are written there.</summary>
internal sealed class ConfiguredBudgetPolicy(Func<BudgetPlan> current) : IBudgetPolicy
{
    public IReadOnlyList<BudgetLimit> GetLimits(LlmRequest request) => current().LimitsOf(request.Context);
}
