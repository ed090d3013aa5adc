using System.Collections.Concurrent;
using IntegrationLayer.Sdk.Budgets;

namespace IntegrationLayer.Sdk.Redis.Tests.Budgets;

/// <summary>Usage records that tests make up; nothing is used unless they say so.</summary>
internal sealed class FakeHistory : IBudgetHistory
{
    private readonly ConcurrentQueue<(BudgetLimit Limit, BudgetPeriod Period)> _asked = new();

    public ConcurrentDictionary<BudgetScope, decimal> Used { get; } = new();

    public IReadOnlyList<(BudgetLimit Limit, BudgetPeriod Period)> Asked => [.. _asked];

    public bool IsMissing { get; set; }

    public Exception? Failure { get; set; }

    public ValueTask<decimal> GetUsedAsync(BudgetLimit limit, BudgetPeriod period, CancellationToken cancellationToken)
    {
        _asked.Enqueue((limit, period));
        return Failure is { } failure ? ValueTask.FromException<decimal>(failure) : new(Used.GetValueOrDefault(limit.Scope));
    }
}
