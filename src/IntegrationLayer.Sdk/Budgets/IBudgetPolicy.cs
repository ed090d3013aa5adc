namespace IntegrationLayer.Sdk.Budgets;

/// <summary>Decides which budgets a request counts against.</summary>
/// <remarks>A policy decides, an <see cref="IBudgetLedger"/> counts. Policies do no I/O and are safe for concurrent use.</remarks>
public interface IBudgetPolicy
{
    /// <summary>Gets the limits that cover a request; none means that it is free to spend.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The limits.</returns>
    IReadOnlyList<BudgetLimit> GetLimits(LlmRequest request);
}
