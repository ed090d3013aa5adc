namespace IntegrationLayer.Sdk.Budgets;

/// <summary>Asks policies in a way that a mistake of theirs is named.</summary>
internal static class BudgetPolicyExtensions
{
    /// <summary>Gets the limits that cover a request.</summary>
    /// <exception cref="InvalidOperationException">The policy returned <see langword="null"/>.</exception>
    public static IReadOnlyList<BudgetLimit> LimitsOf(this IBudgetPolicy policy, LlmRequest request) =>
        policy.GetLimits(request)
        ?? throw new InvalidOperationException($"{policy.GetType()}.GetLimits returned null. Return an empty list for a request without limits.");
}
