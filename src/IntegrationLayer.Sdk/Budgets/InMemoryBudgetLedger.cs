namespace IntegrationLayer.Sdk.Budgets;

/// <summary>Counts in this process only: several processes that spend one budget need a shared ledger.</summary>
/// <remarks>
/// Each counter has a lock of its own. Who needs several takes them in the counters' order, so that nobody waits in a circle. Reserving holds all of its
/// counters at once; settling needs them one at a time. A hold's own lock comes before those of counters, and nobody takes two of them.
/// </remarks>
internal sealed class InMemoryBudgetLedger(TimeProvider timeProvider, BudgetObservers observers) : IBudgetLedger
{
    // How long a late settlement can still correct what an expired reservation was charged.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    private readonly CounterTable _counters = new();
    private readonly HoldTable _holds = new();
    private long _earliestEnd = long.MaxValue;

    /// <summary>Gets how many scopes are counted, each unit and window of one by itself.</summary>
    internal int Scopes => _counters.Count;

    public ValueTask<BudgetReservation> ReserveAsync(BudgetDemand demand, CancellationToken cancellationToken)
    {
        demand.Check();
        Sweep();
        List<BudgetEvent>? none = null;
        BudgetHold hold = Hold(in demand, replaced: null, default, out int choice, out BudgetAmount amount, ref none);
        return new(Open(hold, in demand, choice, amount));
    }

    public ValueTask<BudgetReservation> ReplaceAsync(BudgetReservation reservation, BudgetAmount spent, BudgetDemand demand, CancellationToken cancellationToken)
    {
        demand.Check();
        Sweep();
        if (_holds.Find(reservation.Id) is not { } old)
        {
            return ReserveAsync(demand, cancellationToken);
        }

        List<BudgetEvent>? news = null;
        BudgetHold hold;
        int choice;
        BudgetAmount amount;
        try
        {
            lock (old)
            {
                hold = Hold(in demand, old.Is(reservation.Id) ? old : null, spent, out choice, out amount, ref news);
            }
        }
        finally
        {
            observers.Report(news);
        }

        return new(Open(hold, in demand, choice, amount));
    }

    public ValueTask MarkSentAsync(BudgetReservation reservation, CancellationToken cancellationToken)
    {
        if (_holds.Find(reservation.Id) is { } hold)
        {
            lock (hold)
            {
                hold.IsSent |= hold.Is(reservation.Id);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask SettleAsync(BudgetReservation reservation, BudgetAmount spent, CancellationToken cancellationToken)
    {
        List<BudgetEvent>? news = null;
        if (_holds.Find(reservation.Id) is { } hold)
        {
            lock (hold)
            {
                if (hold.Is(reservation.Id))
                {
                    Close(hold, spent, timeProvider.GetUtcNow(), ref news);
                }
            }
        }

        observers.Report(news);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<BudgetUsage>> GetUsageAsync(IReadOnlyList<BudgetLimit> limits, CancellationToken cancellationToken)
    {
        Sweep();
        long now = timeProvider.GetUtcNow().UtcTicks;
        var usage = new BudgetUsage[limits.Count];
        for (int i = 0; i < usage.Length; i++)
        {
            CountedLimit counted = _counters.Find(limits[i], now);
            lock (counted.Counter)
            {
                counted.Counter.Advance(now);
                usage[i] = counted.Usage;
            }
        }

        return new(usage);
    }

    // The counters of what is replaced are settled while they are locked for the new reservation, so that nobody gets in between.
    private BudgetHold Hold(
        in BudgetDemand demand, BudgetHold? replaced, in BudgetAmount spent, out int choice, out BudgetAmount amount, ref List<BudgetEvent>? news)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        BudgetHold hold = Lock(demand.Limits, now.UtcTicks);
        BudgetExceededException? denial = null;
        try
        {
            if (replaced is not null)
            {
                SettleShared(replaced, hold.Entries, spent, now, ref news);
            }

            choice = BudgetChoices.FirstAffordable(hold.Entries, demand.Choices, out amount);
            if (choice >= 0)
            {
                Count(hold.Entries, amount, demand.Choices[choice].Spares);
            }
            else
            {
                denial = BudgetChoices.Deny(hold.Entries, demand.Choices, now.UtcTicks);
            }
        }
        finally
        {
            Unlock(hold.Entries);
        }

        if (replaced is not null)
        {
            Close(replaced, spent, now, ref news);
        }

        if (denial is not null)
        {
            _holds.Return(hold);
            throw denial;
        }

        return hold;
    }

    private BudgetReservation Open(BudgetHold hold, in BudgetDemand demand, int choice, in BudgetAmount amount)
    {
        long until = End(demand.TimeToLive);
        long id = hold.Open(until);
        Remind(until);
        return new BudgetReservation(id, choice, amount);
    }

    private BudgetHold Lock(IReadOnlyList<BudgetLimit> limits, long now)
    {
        BudgetHold hold = _holds.Rent();
        while (true)
        {
            for (int i = 0; i < limits.Count; i++)
            {
                hold.Add(_counters.Find(limits[i], now), i);
            }

            bool isRetired = false;
            foreach (ref HeldCount entry in hold.Entries)
            {
                BudgetCounter counter = entry.Limit.Counter;
                Monitor.Enter(counter);
                counter.Advance(now);
                isRetired |= counter.IsRetired;
            }

            if (!isRetired)
            {
                return hold;
            }

            // It was forgotten between being found and being locked: a new one stands in its place.
            Unlock(hold.Entries);
            hold.Clear();
        }
    }

    private static void Unlock(Span<HeldCount> entries)
    {
        foreach (ref HeldCount entry in entries)
        {
            Monitor.Exit(entry.Limit.Counter);
        }
    }

    private static void Count(Span<HeldCount> entries, in BudgetAmount amount, ulong spares)
    {
        BudgetCounter? counted = null;
        foreach (ref HeldCount entry in entries)
        {
            BudgetCounter counter = entry.Limit.Counter;
            if (((spares >> entry.Index) & 1) == 0 && counter != counted)
            {
                // Entries of one counter stand side by side: it counts once.
                counted = counter;
                entry.IsCounted = true;
                entry.Count = amount.CountIn(entry.Limit.Limit.Unit) ?? 0;
                entry.Window = counter.Window;
                counter.Hold(entry.Count);
            }
        }
    }

    // Must be called with the hold locked.
    private void Close(BudgetHold hold, in BudgetAmount spent, DateTimeOffset now, ref List<BudgetEvent>? news)
    {
        foreach (ref HeldCount entry in hold.Entries)
        {
            lock (entry.Limit.Counter)
            {
                Settle(ref entry, hold, spent.CountIn(entry.Limit.Limit.Unit) ?? entry.Count, now, ref news);
            }
        }

        _holds.Return(hold);
    }

    private static void SettleShared(BudgetHold replaced, Span<HeldCount> locked, in BudgetAmount spent, DateTimeOffset now, ref List<BudgetEvent>? news)
    {
        foreach (ref HeldCount entry in replaced.Entries)
        {
            foreach (ref HeldCount other in locked)
            {
                if (other.Limit.Counter == entry.Limit.Counter)
                {
                    Settle(ref entry, replaced, spent.CountIn(entry.Limit.Limit.Unit) ?? entry.Count, now, ref news);
                    break;
                }
            }
        }
    }

    // Must be called with the hold and the counter locked. What has expired was charged already: only the difference is counted.
    private static void Settle(ref HeldCount entry, BudgetHold hold, long used, DateTimeOffset now, ref List<BudgetEvent>? news)
    {
        if (entry.IsCounted)
        {
            entry.IsCounted = false;
            entry.Limit.Counter.Settle(
                entry.Window, hold.HasExpired ? 0 : entry.Count, hold is { HasExpired: true, IsSent: true } ? used - entry.Count : used, now.UtcTicks);
        }

        if (entry.Limit.HasNews)
        {
            entry.Limit.TakeNews(news ??= [], now);
        }
    }

    private long End(TimeSpan after) =>
        timeProvider.GetTimestamp() + (long)Math.Min(after.TotalSeconds * timeProvider.TimestampFrequency, long.MaxValue / 4);

    private void Remind(long end)
    {
        long known = Volatile.Read(ref _earliestEnd);
        while (end < known)
        {
            known = Interlocked.CompareExchange(ref _earliestEnd, end, known) is var found && found == known ? end : found;
        }
    }

    /// <summary>Charges or releases what has expired. Cheap while nothing has.</summary>
    private void Sweep()
    {
        long timestamp = timeProvider.GetTimestamp();
        if (timestamp < Volatile.Read(ref _earliestEnd))
        {
            return;
        }

        // Whoever opens a hold from here on reminds of it; those that are open already are looked at below.
        Volatile.Write(ref _earliestEnd, long.MaxValue);
        DateTimeOffset now = timeProvider.GetUtcNow();
        List<BudgetEvent>? news = null;
        foreach (BudgetHold hold in _holds.All)
        {
            if (!hold.IsOpen)
            {
                continue;
            }

            lock (hold)
            {
                if (hold.IsOpen && timestamp >= hold.Until)
                {
                    Expire(hold, now, ref news);
                }

                if (hold.IsOpen)
                {
                    Remind(hold.Until);
                }
            }
        }

        observers.Report(news);
    }

    private void Expire(BudgetHold hold, DateTimeOffset now, ref List<BudgetEvent>? news)
    {
        if (hold.HasExpired)
        {
            _holds.Return(hold);
            return;
        }

        foreach (ref HeldCount entry in hold.Entries)
        {
            if (!entry.IsCounted)
            {
                continue;
            }

            long charged = hold.IsSent ? entry.Count : 0;
            lock (entry.Limit.Counter)
            {
                entry.Limit.Counter.Settle(entry.Window, entry.Count, charged, now.UtcTicks);
                (news ??= []).Add(new BudgetEvent(BudgetEventKind.ReservationExpired, entry.Limit.Limit, now) { Amount = entry.Limit.Limit.AmountOf(charged) });
                if (entry.Limit.HasNews)
                {
                    entry.Limit.TakeNews(news, now);
                }
            }
        }

        hold.HasExpired = true;
        hold.Until = End(Grace);
    }
}
