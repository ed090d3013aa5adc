using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Telemetry;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>Reports how much of the budgets that are listed by name is used, at most once a second: a ledger may be remote, and nobody waits for this.</summary>
internal sealed class BudgetWatch(IBudgetLedger ledger, LlmTelemetry telemetry, TimeProvider timeProvider)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private long _lookedAt = long.MinValue;

    /// <summary>Takes the limits of a request as an occasion to look.</summary>
    public void Look(IReadOnlyList<BudgetLimit> limits)
    {
        if (telemetry.Instruments.BudgetUtilization is not { Enabled: true } || telemetry.Budgets.Count == 0)
        {
            return;
        }

        long now = timeProvider.GetTimestamp();
        long before = Volatile.Read(ref _lookedAt);
        if ((before == long.MinValue || timeProvider.GetElapsedTime(before, now) >= Pause) && Interlocked.CompareExchange(ref _lookedAt, now, before) == before)
        {
            BudgetLimit[] listed = [.. limits.Where(limit => telemetry.Budgets.Contains(limit.Scope.Name))];
            _ = listed.Length == 0 ? Task.CompletedTask : ReportAsync(listed);
        }
    }

    private async Task ReportAsync(BudgetLimit[] limits)
    {
        try
        {
            foreach (BudgetUsage usage in await ledger.GetUsageAsync(limits, CancellationToken.None).ConfigureAwait(false))
            {
                double amount = (double)usage.Limit.Amount;
                telemetry.Instruments.BudgetUtilization?.Record(amount > 0 ? (double)(usage.Used + usage.Held) / amount : 1, telemetry.Details.Budget(usage.Limit.Scope.Name));
            }
        }
        catch (BudgetUnavailableException)
        {
            // Whoever needs the ledger is told so by it; a gauge may miss a value.
        }
    }
}
