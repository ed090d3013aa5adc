using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Budgets;

/// <summary>Tells all observers what happens to budgets, and the log.</summary>
internal sealed partial class BudgetObservers(IEnumerable<IBudgetObserver> observers, ILogger<BudgetObservers> logger)
{
    private readonly IBudgetObserver[] _observers = [.. observers];

    /// <summary>Reports some events. No counter may be locked.</summary>
    public void Report(IReadOnlyList<BudgetEvent>? events)
    {
        for (int i = 0; i < events?.Count; i++)
        {
            Report(events[i]);
        }
    }

    /// <summary>Reports an event. No counter may be locked.</summary>
    public void Report(BudgetEvent budgetEvent)
    {
        LogEvent(budgetEvent);
        foreach (IBudgetObserver observer in _observers)
        {
            try
            {
                observer.OnBudgetEvent(budgetEvent);
            }
            catch (Exception e)
            {
                LogObserverFailed(observer.GetType().Name, budgetEvent.Kind, e);
            }
        }
    }

    private void LogEvent(BudgetEvent e)
    {
        switch (e.Kind)
        {
            case BudgetEventKind.ThresholdReached:
                LogThreshold(e.Limit, e.Threshold, e.Used);
                break;
            case BudgetEventKind.ReservationExpired:
                LogExpired(e.Limit, e.Amount);
                break;
            default:
                LogUncounted(e.Limit, e.Amount);
                break;
        }
    }

    [LoggerMessage(1110, LogLevel.Warning, "The budget {Limit} has reached {Threshold} %: {Used} used.")]
    private partial void LogThreshold(BudgetLimit limit, int threshold, decimal used);

    [LoggerMessage(1111, LogLevel.Warning, "A reservation against the budget {Limit} expired without being settled; {Charged} charged.")]
    private partial void LogExpired(BudgetLimit limit, decimal charged);

    [LoggerMessage(1112, LogLevel.Warning, "The ledger of the budget {Limit} is unavailable; {Amount} went on uncounted, to be counted later.")]
    private partial void LogUncounted(BudgetLimit limit, decimal amount);

    [LoggerMessage(1113, LogLevel.Error, "{Observer} failed to take note of a budget's {Event}.")]
    private partial void LogObserverFailed(string observer, BudgetEventKind @event, Exception exception);
}
