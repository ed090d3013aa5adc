using System.Globalization;
using IntegrationLayer.Sdk.Budgets;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>Where Redis counts what a scope uses of one unit: the limits of one scope, unit and window share it.</summary>
internal sealed class RedisCounter
{
    private readonly BudgetWindow _window;
    private readonly string _name;
    private RedisWindow? _current;

    public RedisCounter(BudgetLimit limit, string keyPrefix)
    {
        _window = limit.Unit is BudgetUnit.Concurrency ? BudgetWindow.Total : limit.Window;
        Unit = limit.Unit;
        Limit = limit;

        // Names may hold anything. Escaped, they can't decide by braces which node of a cluster holds a key; and no tenant can be called $all.
        Partition = limit.Scope.Partition.Length > 0 ? Uri.EscapeDataString(limit.Scope.Partition) : "$all";
        string space = $"{keyPrefix}:b1:{{{Partition}}}:";
        _name = $"{space}{limit.Scope.Kind}:{Uri.EscapeDataString(limit.Scope.Name)}:{Unit}:{_window}";
        Register = space + "register";
    }

    /// <summary>Gets one of the limits that it counts for.</summary>
    public BudgetLimit Limit { get; }

    public BudgetUnit Unit { get; }

    /// <summary>Gets what lies together on one node of a cluster.</summary>
    public string Partition { get; }

    public RedisKey Register { get; }

    /// <summary>Gets the window that a moment lies in.</summary>
    public RedisWindow At(DateTimeOffset now)
    {
        if (_current is { } current && (current.Period is not { } period || period.Contains(now)))
        {
            return current;
        }

        return _current = Unit is BudgetUnit.Concurrency ? new(this, _name, "q", 0, 0)
            : _window.Kind switch
            {
                BudgetWindowKind.Total => new(this, _name, "t", 0, 0),
                BudgetWindowKind.Rolling => new(this, _name, "r", 0, RedisWindow.MillisecondsOfPart(_window.Length)),
                _ => Calendar(_window.PeriodAt(now)),
            };
    }

    private RedisWindow Calendar(BudgetPeriod period)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{_name}:{period.Start.ToUnixTimeSeconds()}");
        return new RedisWindow(this, name, "w", period.Start.ToUnixTimeMilliseconds(), period.End.ToUnixTimeMilliseconds()) { Period = period };
    }
}
