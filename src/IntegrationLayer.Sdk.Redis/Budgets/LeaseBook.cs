using IntegrationLayer.Sdk.Budgets;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>Reserves and settles out of leases, without asking anybody. One lock guards it: what it is held for is shorter than a round trip by thousands of times.</summary>
/// <remarks>
/// Whatever Redis knows of a lease is at least what can be spent out of it: a message names what is kept, and from then on only that is spent, whether or not
/// Redis has read it. So a message that is lost, or read late, or twice, doesn't matter, and neither does a lease that has expired: all of it was charged.
/// </remarks>
internal sealed class LeaseBook(TimeProvider timeProvider, string instance)
{
    private readonly object _gate = new();
    private readonly Dictionary<(string Name, long? Most), LeaseAccount> _accounts = [];
    private readonly List<Lease> _retired = [];
    private readonly LeasedHolds _open = new();
    private long _last;

    /// <summary>Gets how leases are sized.</summary>
    public LeaseTuning Tuning { get; init; } = new();

    /// <summary>Gets how long a lease is taken for.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Gets who is told of reservations that expired. Not called under the lock.</summary>
    public Action<LeaseAccount, long>? Expired { get; init; }

    /// <summary>Gets how many windows it knows.</summary>
    public int Accounts
    {
        get
        {
            lock (_gate)
            {
                return _accounts.Count;
            }
        }
    }

    /// <summary>Gets a value indicating whether anything is leased.</summary>
    public bool HasLeases
    {
        get
        {
            lock (_gate)
            {
                return _retired.Count > 0 || _accounts.Values.Any(static account => account.Lease is not null);
            }
        }
    }

    /// <summary>Finds what a window is spent from, or begins it.</summary>
    public LeaseAccount AccountOf(CountedWindow window)
    {
        (string, long?) key = ((string)window.Window.Counts!, window.Most);
        lock (_gate)
        {
            if (!_accounts.TryGetValue(key, out LeaseAccount? account))
            {
                account = new LeaseAccount(window, timeProvider.GetTimestamp());
                _accounts.Add(key, account);
            }

            account.Cover(window);
            return account;
        }
    }

    /// <summary>Reserves the first choice in every account that counts it, if all of them have that much.</summary>
    /// <param name="accounts">What the demand's limits are spent from, and the position of one of its limits.</param>
    /// <param name="demand">The demand. Only its first choice is looked at: whether a worse one must do, Redis decides.</param>
    /// <param name="replaced">A reservation to settle first.</param>
    /// <param name="spent">What that one used.</param>
    /// <param name="isWanting">Set if a lease, or more of one, should be taken.</param>
    /// <returns>The reservation; <see langword="null"/> if Redis must be asked.</returns>
    public LeasedHold? TryReserve(ReadOnlySpan<(LeaseAccount Account, int Limit)> accounts, in BudgetDemand demand, LeasedHold? replaced, in BudgetAmount spent, out bool isWanting)
    {
        long now = timeProvider.GetTimestamp();
        List<(LeaseAccount, long)>? expired = null;
        LeasedHold? hold;
        lock (_gate)
        {
            Sweep(now, ref expired);
            if (replaced is not null)
            {
                Close(replaced, spent);
            }

            hold = LeasedReservation.TryMake(accounts, demand.Choices[0], now, now + Ticks(demand.TimeToLive), Tuning, out isWanting);
            if (hold is not null)
            {
                _open.Add(hold);
            }
        }

        Report(expired);
        return hold;
    }

    /// <summary>Notes that a call goes out.</summary>
    /// <returns>Whether its reservation is still held.</returns>
    public bool MarkSent(LeasedHold hold)
    {
        lock (_gate)
        {
            bool isHeld = hold is { IsClosed: false, HasExpired: false } && timeProvider.GetTimestamp() < hold.Until;
            hold.IsSent |= isHeld;
            return isHeld;
        }
    }

    /// <summary>Replaces a reservation by what was used; twice has no effect.</summary>
    public void Settle(LeasedHold hold, in BudgetAmount spent)
    {
        lock (_gate)
        {
            Close(hold, spent);
        }
    }

    /// <summary>Writes the messages about some accounts' leases, or repeats those that weren't confirmed.</summary>
    /// <param name="which">The accounts.</param>
    /// <param name="isRecall">Whether all that lies idle is given back.</param>
    public List<LeaseMessage> Write(Func<LeaseAccount, bool> which, bool isRecall)
    {
        List<(LeaseAccount, long)>? expired = null;
        List<LeaseMessage> messages = [];
        lock (_gate)
        {
            long now = timeProvider.GetTimestamp();
            Sweep(now, ref expired);
            foreach (LeaseAccount account in _accounts.Values)
            {
                if (which(account) && account.Write(timeProvider, Tuning, isRecall, NewLease) is { } message)
                {
                    messages.Add(message);
                }
            }

            messages.AddRange(_retired.Select(static lease => lease.Unconfirmed).OfType<LeaseMessage>());
        }

        Report(expired);
        return messages;
    }

    /// <summary>Takes note of an answer.</summary>
    /// <param name="message">The message.</param>
    /// <param name="reply">The answer.</param>
    /// <param name="sentAt">A timestamp from before it was sent.</param>
    /// <returns>Whether what lies idle is needed by others.</returns>
    public bool Take(LeaseMessage message, LeaseReply reply, long sentAt)
    {
        lock (_gate)
        {
            Lease lease = message.Lease;
            if (lease.Unconfirmed != message)
            {
                return false;
            }

            lease.Unconfirmed = null;
            if (reply.Code is not ReserveCode.Granted)
            {
                // It expired, and all of it was charged; or Redis lost it. Its calls are settled against that once they have ended.
                lease.Spent += reply.Last < message.Number ? message.Used : 0;
                lease.Confirmed = 0;
                Retire(lease);
                return false;
            }

            lease.Granted += reply.Held - message.Kept;
            lease.Confirmed = reply.Held;
            lease.Until = sentAt + Ticks(Duration);
            lease.Account.Got(message.Wanted, reply.Held - message.Kept, lease.Free);
            if (reply.IsNeeded || (message.Wanted > 0 && reply.Held == message.Kept))
            {
                lease.Account.TightUntil = timeProvider.GetTimestamp() + Ticks(Tuning.Recall);
            }

            return reply.IsNeeded && lease.Free > 0;
        }
    }

    /// <summary>Looks at all accounts: gives up leases that aren't used any more, and those of windows that are over.</summary>
    /// <param name="serverTime">The server's time, as far as it is known.</param>
    public void Look(DateTimeOffset serverTime)
    {
        lock (_gate)
        {
            foreach (LeaseAccount account in _accounts.Values)
            {
                account.Looked();
                bool isPast = account.Window.Window.Period is { } period && serverTime >= period.End;
                bool isIdle = account.IdleLooks >= Tuning.IdleLooks && account.Lease is not { Held: > 0 };
                if (isPast || isIdle)
                {
                    Close(account);
                }
            }
        }
    }

    /// <summary>Gives up all leases, at the end: those with calls under way keep what is held for these.</summary>
    public void CloseAll()
    {
        lock (_gate)
        {
            foreach (LeaseAccount account in _accounts.Values)
            {
                Close(account);
            }
        }
    }

    /// <summary>Takes the leases that wait for nothing but their settlement in Redis.</summary>
    public List<Lease> TakeOver()
    {
        lock (_gate)
        {
            // Nobody knows what Redis was told of one whose last message wasn't confirmed, unless that was the first, which tells of nothing used.
            List<Lease> over = _retired.FindAll(static lease => lease is { Held: 0, Unconfirmed: null or { Number: 1, Used: 0 } });
            foreach (Lease lease in over)
            {
                lease.IsOver = true;
                _retired.Remove(lease);
            }

            return over;
        }
    }

    /// <summary>Notes which accounts are short because all need what is left.</summary>
    public void Tighten(IReadOnlySet<string> names)
    {
        lock (_gate)
        {
            long until = timeProvider.GetTimestamp() + Ticks(Tuning.Recall);
            foreach (LeaseAccount account in _accounts.Values.Where(account => names.Contains(account.Name)))
            {
                account.TightUntil = until;
            }
        }
    }

    /// <summary>Notes that nothing lies idle of some windows: for some time nothing is lent there either.</summary>
    /// <param name="windows">The windows.</param>
    /// <param name="askedAt">A timestamp from before it was asked.</param>
    public void MarkBare(IReadOnlyList<CountedWindow> windows, long askedAt)
    {
        lock (_gate)
        {
            foreach (LeaseAccount account in _accounts.Values.Where(account => windows.Any(window => (string)window.Window.Counts! == account.Name)))
            {
                account.BareUntil = askedAt + Ticks(Tuning.Recall);
            }
        }
    }

    /// <summary>Tells whether nothing lies idle of some accounts.</summary>
    public bool AreBare(ReadOnlySpan<(LeaseAccount Account, int Limit)> accounts)
    {
        lock (_gate)
        {
            long now = timeProvider.GetTimestamp();
            foreach ((LeaseAccount account, _) in accounts)
            {
                if (now >= account.BareUntil)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Gets what Redis doesn't know yet of a window: how much more is used, and how much less is held.</summary>
    public (long Used, long Held) Unreported(string name)
    {
        lock (_gate)
        {
            (long used, long held) = (0, 0);
            foreach (Lease lease in _accounts.Values.Select(static account => account.Lease).OfType<Lease>().Concat(_retired.Where(static lease => lease.Confirmed > 0)))
            {
                if (lease.Account.Name == name)
                {
                    used += lease.Spent + (lease.Unconfirmed?.Used ?? 0);
                    held += lease.Held - lease.Confirmed;
                }
            }

            return (used, held);
        }
    }

    private void Close(LeasedHold hold, in BudgetAmount spent)
    {
        if (hold.IsClosed)
        {
            return;
        }

        hold.IsClosed = true;
        BudgetCounts counts = new(spent);
        foreach ((Lease lease, long count) in hold.Entries)
        {
            BudgetUnit unit = lease.Account.Window.Unit;
            long used = unit is BudgetUnit.Concurrency ? 0 : counts.In(unit, otherwise: count);
            if (!hold.HasExpired)
            {
                lease.Held -= count;
            }
            else if (hold.IsSent && unit is not BudgetUnit.Concurrency)
            {
                used -= count;
            }

            Charge(lease, used);
        }

        if (!hold.HasExpired)
        {
            LeasedHolds.Remove(hold);
        }
    }

    private void Charge(Lease lease, long used)
    {
        // What a correction takes back left a rolling window at another time than the correction would.
        long count = lease.Account.Window.Window.IsRolling ? Math.Max(0, used) : used;
        if (!lease.IsOver)
        {
            lease.Spent += count;
        }
        else if (count != 0)
        {
            LeaseAccount account = AccountOf(lease.Account.Window);
            (account.Lease ??= NewLease(account)).Spent += count;
        }
    }

    private void Sweep(long now, ref List<(LeaseAccount, long)>? expired)
    {
        foreach (LeasedHold hold in _open.TakeExpired(now))
        {
            hold.HasExpired = true;
            foreach ((Lease lease, long count) in hold.Entries)
            {
                long charged = hold.IsSent && lease.Account.Window.Unit is not BudgetUnit.Concurrency ? count : 0;
                lease.Held -= count;
                lease.Spent += charged;
                (expired ??= []).Add((lease.Account, charged));
            }
        }
    }

    private void Report(List<(LeaseAccount Account, long Charged)>? expired)
    {
        foreach ((LeaseAccount account, long charged) in expired ?? [])
        {
            Expired?.Invoke(account, charged);
        }
    }

    private void Close(LeaseAccount account)
    {
        account.IsClosed = true;
        _accounts.Remove((account.Name, account.Window.Most));
        if (account.Lease is { } lease)
        {
            Retire(lease);
        }
    }

    private void Retire(Lease lease)
    {
        if (!lease.IsRetired)
        {
            lease.IsRetired = true;
            lease.Account.Lease = lease.Account.Lease == lease ? null : lease.Account.Lease;
            _retired.Add(lease);
        }
    }

    private Lease NewLease(LeaseAccount account) => new($"{instance}l{++_last:x}", account);

    private long Ticks(TimeSpan time) => (long)Math.Min(time.TotalSeconds * timeProvider.TimestampFrequency, long.MaxValue / 4);
}
