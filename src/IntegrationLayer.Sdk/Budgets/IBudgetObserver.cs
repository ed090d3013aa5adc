namespace IntegrationLayer.Sdk.Budgets;

/// <summary>Is told what happens to budgets in this process. Register as many as you like.</summary>
/// <remarks>Called on a request's own path: be quick, and hand work over. What it throws is logged and goes no further.</remarks>
public interface IBudgetObserver
{
    /// <summary>Takes note of an event.</summary>
    /// <param name="budgetEvent">The event.</param>
    void OnBudgetEvent(BudgetEvent budgetEvent);
}
