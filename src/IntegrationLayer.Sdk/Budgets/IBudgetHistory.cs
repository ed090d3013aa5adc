namespace IntegrationLayer.Sdk.Budgets;

/// <summary>Knows from usage records what a scope has used: a shared ledger that lost its data is rebuilt from it.</summary>
public interface IBudgetHistory
{
    /// <summary>Sums up what a limit would have counted.</summary>
    /// <param name="limit">The limit, whose scope and unit say what to sum up.</param>
    /// <param name="period">The stretch of time.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The sum, in the limit's unit; never too little.</returns>
    ValueTask<decimal> GetUsedAsync(BudgetLimit limit, BudgetPeriod period, CancellationToken cancellationToken);
}
