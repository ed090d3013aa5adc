namespace IntegrationLayer.Sdk.Budgets;

/// <summary>A budget that covers the request can't pay for it. Nothing was sent.</summary>
/// <param name="message">Which limit, what it has left, what was needed, when it renews.</param>
public sealed class BudgetExceededException(string message) : IntegrationLayerException(message)
{
    /// <inheritdoc/>
    public override bool IsTransient => RetryAfter is not null;

    /// <summary>Gets how long until the budget is renewed, if it ever is.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
