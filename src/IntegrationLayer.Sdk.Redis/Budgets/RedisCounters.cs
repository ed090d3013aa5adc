using System.Collections.Concurrent;
using IntegrationLayer.Sdk.Budgets;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>Finds the windows that limits count in.</summary>
internal sealed class RedisCounters(string keyPrefix)
{
    // Beyond it, users have come and gone: the names of their keys are made again for those who come back.
    private const int MaxCounters = 50_000;

    private readonly ConcurrentDictionary<BudgetLimit, RedisCounter> _counters = new();

    /// <summary>Gets the counter of a limit.</summary>
    public RedisCounter Of(BudgetLimit limit)
    {
        if (_counters.TryGetValue(limit, out RedisCounter? counter))
        {
            return counter;
        }

        if (_counters.Count >= MaxCounters)
        {
            _counters.Clear();
        }

        return _counters.GetOrAdd(limit, static (l, prefix) => new RedisCounter(l, prefix), keyPrefix);
    }

    /// <summary>Gets the windows that some limits count in at a moment, one for each counter.</summary>
    public List<CountedWindow> At(DateTimeOffset now, IReadOnlyList<BudgetLimit> limits)
    {
        var windows = new List<CountedWindow>(limits.Count);
        for (int i = 0; i < limits.Count; i++)
        {
            RedisWindow window = Of(limits[i]).At(now);
            if (windows.Find(w => w.Window.Counts == window.Counts) is { } known)
            {
                known.Limits.Add((limits[i], i));
            }
            else
            {
                windows.Add(new CountedWindow(window, [(limits[i], i)]));
            }
        }

        return windows;
    }
}
