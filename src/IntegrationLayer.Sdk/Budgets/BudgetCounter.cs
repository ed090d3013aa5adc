namespace IntegrationLayer.Sdk.Budgets;

/// <summary>What a scope has used of one unit in the current window, and what is held back. Guarded by its own lock.</summary>
/// <param name="unit">What is counted.</param>
/// <param name="window">The time in which it counts.</param>
/// <param name="order">Its place in the order in which counters are locked.</param>
internal sealed class BudgetCounter(BudgetUnit unit, BudgetWindow window, long order)
{
    private readonly RollingSum? _rolling = window.Kind is BudgetWindowKind.Rolling ? new RollingSum(window.Length) : null;
    private readonly bool _isForever = window.Kind is BudgetWindowKind.Total || unit is BudgetUnit.Concurrency;
    private long _end = long.MinValue;

    /// <summary>Gets its place in the order in which counters are locked: whoever needs several takes them in this order.</summary>
    public long Order => order;

    /// <summary>Gets what was used in the current window.</summary>
    public long Used { get; private set; }

    /// <summary>Gets what is held back for calls under way.</summary>
    public long Held { get; private set; }

    /// <summary>Gets the start of the current calendar window in ticks; the same for all time in other windows.</summary>
    public long Window { get; private set; } = long.MinValue;

    /// <summary>Gets what stays the same within one calendar window, or one length of a rolling one: thresholds are reported once in it.</summary>
    public long Era { get; private set; } = long.MinValue;

    /// <summary>Gets when the current calendar window ends, if it does.</summary>
    public DateTimeOffset? ResetsAt => _isForever || _rolling is not null ? null : new DateTimeOffset(_end, TimeSpan.Zero);

    /// <summary>Gets or sets a value indicating whether it was taken out of the ledger, so that nothing more may be counted here.</summary>
    public bool IsRetired { get; set; }

    /// <summary>Begins a new window if the current one is over. A clock that goes back doesn't bring an old one back.</summary>
    public void Advance(long nowTicks)
    {
        if (_rolling is not null)
        {
            Used = _rolling.Advance(nowTicks);
            Era = Math.Max(Era, nowTicks / window.Length.Ticks);
        }
        else if (nowTicks >= _end && !_isForever)
        {
            BudgetPeriod period = window.PeriodAt(new DateTimeOffset(nowTicks, TimeSpan.Zero));
            (Window, _end, Used, Held) = (period.Start.UtcTicks, period.End.UtcTicks, 0, 0);
            Era = Window;
        }
    }

    /// <summary>Holds back some.</summary>
    public void Hold(long count) => Held += count;

    /// <summary>Takes back a hold, and counts what was used instead. Nothing, if the window that it was held in is over.</summary>
    /// <param name="window">The window that it was held in.</param>
    /// <param name="held">What was held.</param>
    /// <param name="used">What was used.</param>
    /// <param name="clock">The clock, which only rolling windows look at.</param>
    public void Settle(long window, long held, long used, TimeProvider clock)
    {
        if (window != Window)
        {
            return;
        }

        Held -= held;
        if (unit is BudgetUnit.Concurrency)
        {
            return;
        }

        // What a correction takes back left a rolling window at another time than the correction would: too much is counted for a while, never too little.
        Used = _rolling is null ? Used + used : _rolling.Add(Math.Max(0, used), clock.GetUtcNow().UtcTicks);
    }

    /// <summary>Tells how long until so much has left a rolling window; <see langword="null"/> if only the end of calls helps.</summary>
    public TimeSpan? TimeUntilFree(long count, long nowTicks) =>
        _rolling?.TimeUntilFree(count, nowTicks) ?? (ResetsAt is { } end ? end - new DateTimeOffset(nowTicks, TimeSpan.Zero) : null);

    /// <summary>Tells whether nothing that happens from now on can depend on it.</summary>
    public bool IsIdle(long nowTicks)
    {
        if (_rolling is not null)
        {
            return Held == 0 && _rolling.Advance(nowTicks) == 0;
        }

        return _isForever ? Used == 0 && Held == 0 : nowTicks >= _end;
    }
}
