using System.Collections.Concurrent;

namespace IntegrationLayer.Sdk.Budgets;

/// <summary>The limits that the ledger in memory has met, and their counters. Those of past windows are forgotten: scopes may be as many as users.</summary>
internal sealed class CounterTable
{
    private const int PruneAtLeast = 1_024;

    private readonly object _gate = new();
    private readonly ConcurrentDictionary<BudgetLimit, CountedLimit> _limits = new();
    private readonly Dictionary<(BudgetScope, BudgetUnit, BudgetWindow), BudgetCounter> _counters = [];
    private long _lastOrder;
    private int _pruneAt = PruneAtLeast;

    /// <summary>Gets how many counters there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _counters.Count;
            }
        }
    }

    /// <summary>Finds a limit, or begins to count it.</summary>
    public CountedLimit Find(BudgetLimit limit, long nowTicks) => _limits.TryGetValue(limit, out CountedLimit? counted) ? counted : Add(limit, nowTicks);

    private CountedLimit Add(BudgetLimit limit, long nowTicks)
    {
        lock (_gate)
        {
            if (_limits.TryGetValue(limit, out CountedLimit? counted))
            {
                return counted;
            }

            if (_limits.Count >= _pruneAt)
            {
                Prune(nowTicks);
            }

            // Calls under way know no window.
            BudgetWindow window = limit.Unit is BudgetUnit.Concurrency ? BudgetWindow.Total : limit.Window;
            if (!_counters.TryGetValue((limit.Scope, limit.Unit, window), out BudgetCounter? counter))
            {
                counter = new BudgetCounter(limit.Unit, window, ++_lastOrder);
                _counters.Add((limit.Scope, limit.Unit, window), counter);
            }

            counted = new CountedLimit(limit, counter);
            _limits[limit] = counted;
            return counted;
        }
    }

    private void Prune(long nowTicks)
    {
        foreach ((BudgetLimit limit, CountedLimit counted) in _limits)
        {
            lock (counted.Counter)
            {
                if (counted.Counter.IsIdle(nowTicks))
                {
                    counted.Counter.IsRetired = true;
                    _limits.TryRemove(limit, out _);
                    _counters.Remove((limit.Scope, limit.Unit, limit.Unit is BudgetUnit.Concurrency ? BudgetWindow.Total : limit.Window));
                }
            }
        }

        _pruneAt = Math.Max(PruneAtLeast, 2 * _limits.Count);
    }
}
