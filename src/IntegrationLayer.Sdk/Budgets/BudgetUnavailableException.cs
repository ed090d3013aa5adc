namespace IntegrationLayer.Sdk.Budgets;

/// <summary>The budgets can't be asked, and a limit that covers the request is strict: nobody knows whether it may be spent, so nothing was sent.</summary>
/// <param name="message">What is wrong with the ledger, and the cure.</param>
/// <param name="innerException">What caused it.</param>
public sealed class BudgetUnavailableException(string message, Exception? innerException = null) : IntegrationLayerException(message, innerException)
{
    /// <inheritdoc/>
    public override bool IsTransient => true;
}
