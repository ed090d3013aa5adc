using System.Collections.Concurrent;
using IntegrationLayer.Sdk.Budgets;

namespace IntegrationLayer.Sdk.TestSupport.Budgets;

/// <summary>Keeps the events of budgets.</summary>
public sealed class RecordingObserver : IBudgetObserver
{
    private readonly ConcurrentQueue<BudgetEvent> _events = new();

    /// <summary>The events so far, oldest first.</summary>
    public IReadOnlyList<BudgetEvent> Events => [.. _events];

    /// <summary>The thresholds reached so far, in per cent.</summary>
    public IReadOnlyList<int> Thresholds => [.. _events.Where(e => e.Kind is BudgetEventKind.ThresholdReached).Select(e => e.Threshold)];

    /// <inheritdoc/>
    public void OnBudgetEvent(BudgetEvent budgetEvent) => _events.Enqueue(budgetEvent);
}
