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
        long timestamp = Sweep();
        List<BudgetEvent>? none = null;
        BudgetHold hold = Hold(in demand, replaced: null, default, out int choice, out BudgetAmount amount, out BudgetExceededException? denial, ref none);
        return denial is null ? new(Open(hold, in demand, choice, amount, timestamp)) : ValueTask.FromException<BudgetReservation>(Drop(hold, denial));
    }

    public ValueTask<BudgetReservation> ReplaceAsync(BudgetReservation reservation, BudgetAmount spent, BudgetDemand demand, CancellationToken cancellationToken)
    {
        demand.Check();
        long timestamp = Sweep();
        if (_holds.Find(reservation.Id) is not { } old)
        {
            return ReserveAsync(demand, cancellationToken);
        }

        List<BudgetEvent>? news = null;
        BudgetHold hold;
        int choice;
        BudgetAmount amount;
        BudgetExceededException? denial;
        lock (old)
        {
            hold = Hold(in demand, old.Is(reservation.Id) ? old : null, new BudgetCounts(spent), out choice, out amount, out denial, ref news);
        }

        observers.Report(news);
        return denial is null ? new(Open(hold, in demand, choice, amount, timestamp)) : ValueTask.FromException<BudgetReservation>(Drop(hold, denial));
    }

    public ValueTask MarkSentAsync(BudgetReservation reservation, CancellationToken cancellationToken)
    {
        if (_holds.Find(reservation.Id) is { } hold)
        {
            lock (hold)
            {
                if (hold.Is(reservation.Id) && !hold.HasExpired && timeProvider.GetTimestamp() < hold.Until)
                {
                    hold.IsSent = true;
                    return ValueTask.CompletedTask;
                }
            }
        }

        return ValueTask.FromException(new BudgetUnavailableException(
            "The reservation expired or was settled before its call went out, so nothing is held back for it. Reserve again, or let reservations live longer."));
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
                    Close(hold, new BudgetCounts(spent), ref news);
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
        in BudgetDemand demand,
        BudgetHold? replaced,
        in BudgetCounts spent,
        out int choice,
        out BudgetAmount amount,
        out BudgetExceededException? denial,
        ref List<BudgetEvent>? news)
    {
        long now = timeProvider.GetUtcNow().UtcTicks;
        BudgetHold hold = Lock(demand.Limits, now);
        denial = null;
        try
        {
            if (replaced is not null)
            {
                SettleShared(replaced, hold.Entries, spent, ref news);
            }

            choice = BudgetChoices.FirstAffordable(hold.Entries, demand.Choices, out amount, out BudgetCounts counts);
            if (choice >= 0)
            {
                Count(hold.Entries, counts, demand.Choices[choice].Spares);
            }
            else
            {
                denial = BudgetChoices.Deny(hold.Entries, demand.Choices, now);
            }
        }
        finally
        {
            Unlock(hold.Entries);
        }

        if (replaced is not null)
        {
            Close(replaced, spent, ref news);
        }

        return hold;
    }

    private BudgetReservation Open(BudgetHold hold, in BudgetDemand demand, int choice, in BudgetAmount amount, long timestamp)
    {
        long until = timestamp + Ticks(demand.TimeToLive);
        long id = hold.Open(until);
        Remind(until);
        return new BudgetReservation(id, choice, amount);
    }

    private BudgetExceededException Drop(BudgetHold hold, BudgetExceededException denial)
    {
        _holds.Return(hold);
        return denial;
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

    private static void Count(Span<HeldCount> entries, in BudgetCounts counts, ulong spares)
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
                entry.Count = counts.In(entry.Limit.Unit, otherwise: 0);
                entry.Window = counter.Window;
                counter.Hold(entry.Count);
            }
        }
    }

    // Must be called with the hold locked.
    private void Close(BudgetHold hold, in BudgetCounts spent, ref List<BudgetEvent>? news)
    {
        foreach (ref HeldCount entry in hold.Entries)
        {
            lock (entry.Limit.Counter)
            {
                Settle(ref entry, hold, spent, ref news);
            }
        }

        _holds.Return(hold);
    }

    private void SettleShared(BudgetHold replaced, Span<HeldCount> locked, in BudgetCounts spent, ref List<BudgetEvent>? news)
    {
        foreach (ref HeldCount entry in replaced.Entries)
        {
            foreach (ref HeldCount other in locked)
            {
                if (other.Limit.Counter == entry.Limit.Counter)
                {
                    Settle(ref entry, replaced, spent, ref news);
                    break;
                }
            }
        }
    }

    // Must be called with the hold and the counter locked. What has expired was charged already: only the difference is counted.
    private void Settle(ref HeldCount entry, BudgetHold hold, in BudgetCounts spent, ref List<BudgetEvent>? news)
    {
        if (entry.IsCounted)
        {
            entry.IsCounted = false;
            long used = spent.In(entry.Limit.Unit, otherwise: entry.Count);
            entry.Limit.Counter.Settle(
                entry.Window, hold.HasExpired ? 0 : entry.Count, hold is { HasExpired: true, IsSent: true } ? used - entry.Count : used, timeProvider);
        }

        if (entry.Limit.HasNews)
        {
            entry.Limit.TakeNews(news ??= [], timeProvider.GetUtcNow());
        }
    }

    private long Ticks(TimeSpan time) => (long)Math.Min(time.TotalSeconds * timeProvider.TimestampFrequency, long.MaxValue / 4);

    private void Remind(long end)
    {
        long known = Volatile.Read(ref _earliestEnd);
        while (end < known)
        {
            known = Interlocked.CompareExchange(ref _earliestEnd, end, known) is var found && found == known ? end : found;
        }
    }

    /// <summary>Charges or releases what has expired. Cheap while nothing has.</summary>
    /// <returns>The timestamp of now.</returns>
    private long Sweep()
    {
        long timestamp = timeProvider.GetTimestamp();
        if (timestamp < Volatile.Read(ref _earliestEnd))
        {
            return timestamp;
        }

        // Whoever opens a hold from here on reminds of it; those that are open already are looked at below.
        Volatile.Write(ref _earliestEnd, long.MaxValue);
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
                    Expire(hold, ref news);
                }

                if (hold.IsOpen)
                {
                    Remind(hold.Until);
                }
            }
        }

        observers.Report(news);
        return timestamp;
    }

    private void Expire(BudgetHold hold, ref List<BudgetEvent>? news)
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
                entry.Limit.Counter.Settle(entry.Window, entry.Count, charged, timeProvider);
                (news ??= []).Add(new BudgetEvent(BudgetEventKind.ReservationExpired, entry.Limit.Limit, timeProvider.GetUtcNow()) { Amount = entry.Limit.Limit.AmountOf(charged) });
                if (entry.Limit.HasNews)
                {
                    entry.Limit.TakeNews(news, timeProvider.GetUtcNow());
                }
            }
        }

        hold.HasExpired = true;
        hold.Until = timeProvider.GetTimestamp() + Ticks(Grace);
    }
}
