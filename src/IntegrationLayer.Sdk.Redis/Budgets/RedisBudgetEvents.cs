using IntegrationLayer.Sdk.Budgets;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>Tells observers what scripts found: in the process that found it, once for all processes.</summary>
internal sealed class RedisBudgetEvents(RedisBudgetStore store, RedisClock clock, BudgetObservers observers)
{
    /// <summary>Reports reservations that expired.</summary>
    public void ReportExpired(IEnumerable<(int Window, long Charged)> expired, IReadOnlyList<CountedWindow> windows)
    {
        foreach ((int window, long charged) in expired)
        {
            BudgetLimit limit = windows[window].Limits[0].Limit;
            observers.Report(new BudgetEvent(BudgetEventKind.ReservationExpired, limit, clock.Now) { Amount = limit.AmountOf(charged) });
        }
    }

    /// <summary>Reports the thresholds that a settlement has passed.</summary>
    /// <param name="settled">What the script answered: what each window had used before and has now.</param>
    /// <param name="windows">The windows.</param>
    public async ValueTask ReportThresholdsAsync(RedisResult settled, IReadOnlyList<CountedWindow> windows)
    {
        for (int i = 0; i < windows.Count; i++)
        {
            if ((string?)settled[2 * i] is not { Length: > 0 } || (long)settled[(2 * i) + 1] is var after && (long)settled[2 * i] >= after)
            {
                continue;
            }

            await ReportThresholdsAsync(windows[i], (long)settled[2 * i], after).ConfigureAwait(false);
        }
    }

    /// <summary>Reports the thresholds that a window has passed.</summary>
    public async ValueTask ReportThresholdsAsync(CountedWindow window, long before, long after)
    {
        foreach ((BudgetLimit limit, _) in window.Limits)
        {
            await ReportThresholdsAsync(window.Window, limit, before, after).ConfigureAwait(false);
        }
    }

    /// <summary>Reports that a call went on without being counted.</summary>
    public void ReportUncounted(BudgetLimit limit, BudgetAmount amount) => observers.Report(
        new BudgetEvent(BudgetEventKind.ServedUncounted, limit, clock.Now) { Amount = limit.AmountOf(amount.CountIn(limit.Unit) ?? 0) });

    private async ValueTask ReportThresholdsAsync(RedisWindow window, BudgetLimit limit, long before, long after)
    {
        for (int i = 0; i < limit.Reported.Count; i++)
        {
            if (limit.Threshold(i) is var threshold && before < threshold && threshold <= after && await IsFirstAsync(window, limit, limit.Reported[i]).ConfigureAwait(false))
            {
                observers.Report(new BudgetEvent(BudgetEventKind.ThresholdReached, limit, clock.Now) { Threshold = limit.Reported[i], Used = limit.AmountOf(after) });
            }
        }
    }

    // What was used passes a threshold again after a correction, or when a rolling window has moved on.
    private async ValueTask<bool> IsFirstAsync(RedisWindow window, BudgetLimit limit, int threshold)
    {
        try
        {
            return await store.SetFirstAsync(window.Reported(limit, threshold), window.ReportedFor(clock.Now), CancellationToken.None).ConfigureAwait(false);
        }
        catch (RedisUnavailableException)
        {
            // Better twice than never.
            return true;
        }
    }
}
