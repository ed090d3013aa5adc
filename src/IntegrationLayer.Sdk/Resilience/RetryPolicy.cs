namespace IntegrationLayer.Sdk.Resilience;

/// <summary>Decides whether, when and to whom requests are sent again: the only place in the SDK, and the gateway is told not to.</summary>
internal sealed class RetryPolicy(RetryBudget budget, RandomSource random, TimeProvider timeProvider)
{
    /// <summary>Gets the used part of the calls that successes have paid for, from 0 to 1.</summary>
    public double BudgetUsed => budget.Used;

    /// <summary>Notes a request that succeeded.</summary>
    public void Succeeded(RetryOptions options) => budget.Deposit(options);

    /// <summary>Begins to plan for a request whose first call has failed.</summary>
    public RetryPlan PlanFor(LlmRequest request, IntegrationLayerOptions options) => new(request, options, budget, random, timeProvider);

    /// <summary>Takes a further call out of the budget, for a request whose first answer has ended badly.</summary>
    /// <returns><see langword="false"/> if there is none left.</returns>
    public bool TryRepeat(IntegrationLayerOptions options) => budget.TryTake(options.Resilience.Retries);

    /// <summary>Says whether another deployment could be called if the coming call took too long: only then is it ended before the deadline.</summary>
    /// <param name="request">The request.</param>
    /// <param name="options">The settings in force.</param>
    /// <param name="attempts">How many calls were made for it.</param>
    /// <param name="plan">What is left to try, if a call has failed.</param>
    public bool CouldReplace(LlmRequest request, IntegrationLayerOptions options, int attempts, RetryPlan? plan) =>
        attempts - (plan?.Unsent ?? 0) + 1 < options.MaxAttempts
        && !request.HasSideEffects
        && (plan?.Replays ?? 0) < options.Resilience.Retries.MaxReplays
        && budget.HasCall(options.Resilience.Retries);
}
