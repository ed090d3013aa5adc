using IntegrationLayer.Sdk.Budgets;
using NUnit.Framework;

namespace IntegrationLayer.Sdk.TestSupport.Budgets;

/// <summary>A ledger so simple that it is right, run beside the one under test on the same random operations.</summary>
/// <param name="tenant">A name that nobody else uses.</param>
public sealed class LedgerModel(string tenant)
{
    private static readonly DateTime Start = new(2026, 1, 1, 18, 0, 0, DateTimeKind.Utc);

    private readonly BudgetLimit[] _limits =
    [
        Demands.Daily(tenant, 10),
        Demands.DailyOfUser(tenant, "jo", 4),
        new(new BudgetScope(BudgetScopeKind.Organization, tenant), 25, BudgetWindow.Total),
        Demands.Daily(tenant, 60) with { Unit = BudgetUnit.Tokens },
        Demands.Daily(tenant, 3) with { Unit = BudgetUnit.Concurrency, Window = BudgetWindow.Total },
    ];

    private readonly List<Hold> _holds = [];
    private readonly Dictionary<int, decimal> _used = [];
    private readonly List<string> _log = [];
    private DateTime _now = Start;

    /// <summary>Runs random operations on a ledger and checks every answer and every count.</summary>
    public async Task RunAsync(IBudgetLedger ledger, Func<TimeSpan, Task> advance, Random random, int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            Hold? hold = _holds.Count > 0 ? _holds[random.Next(_holds.Count)] : null;
            switch (random.Next(10))
            {
                case < 5:
                    await ReserveAsync(ledger, random);
                    break;
                case 5 when hold is not null:
                    _log.Add($"mark {_holds.IndexOf(hold)} sent");
                    await MarkSentAsync(ledger, hold);
                    break;
                case 9:
                    TimeSpan time = TimeSpan.FromSeconds(random.Next(3) switch { 0 => 10, 1 => 100, _ => random.Next(20_000) });
                    _log.Add($"wait {time}");
                    await advance(time);
                    Advance(time);
                    break;
                case >= 6 when hold is not null:
                    BudgetAmount spent = new(random.Next(0, 40) / 10m, random.Next(0, 30));
                    _log.Add($"settle {_holds.IndexOf(hold)} with {spent}");
                    await ledger.SettleAsync(hold.Reservation, spent, default);
                    Settle(hold, spent);
                    break;
            }

            await CompareAsync(ledger);
        }
    }

    private async Task ReserveAsync(IBudgetLedger ledger, Random random)
    {
        int[] covering = [.. Enumerable.Range(0, _limits.Length).Where(_ => random.Next(3) > 0)];
        covering = covering.Length == 0 ? [0] : covering;
        BudgetAmount[] amounts = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => new BudgetAmount(random.Next(1, 50) / 10m, random.Next(1, 40)))];
        int expected = Array.FindIndex(amounts, a => covering.All(limit => Affords(limit, a)));
        _log.Add($"reserve {string.Join(" or ", amounts)} of {string.Join(", ", covering)}: {expected}");
        int granted = -1;
        try
        {
            BudgetReservation reservation = await ledger.ReserveAsync(Demands.Of([.. covering.Select(limit => _limits[limit])], amounts), default);
            granted = reservation.Choice;
            _holds.Add(new Hold(reservation, covering, amounts[granted], _now));
        }
        catch (BudgetExceededException)
        {
            // Compared below.
        }

        Assert.That(granted, Is.EqualTo(expected), () => string.Join('\n', _log));
    }

    private async Task MarkSentAsync(IBudgetLedger ledger, Hold hold)
    {
        bool isHeld = true;
        try
        {
            await ledger.MarkSentAsync(hold.Reservation, default);
            hold.IsSent = true;
        }
        catch (BudgetUnavailableException)
        {
            isHeld = false;
        }

        Assert.That(isHeld, Is.EqualTo(hold.IsOpen), () => string.Join('\n', _log));
    }

    private bool Affords(int limit, BudgetAmount amount) => Count(limit, amount) <= _limits[limit].Amount - UsedOf(limit) - HeldOf(limit);

    private decimal Count(int limit, BudgetAmount amount) => _limits[limit].Unit switch
    {
        BudgetUnit.Usd => amount.Usd!.Value,
        BudgetUnit.Tokens => amount.Tokens,
        _ => 1,
    };

    private decimal UsedOf(int limit) => _used.GetValueOrDefault(limit);

    private decimal HeldOf(int limit) => _holds.Where(h => h.IsOpen && h.Limits.Contains(limit) && IsCurrent(limit, h.At)).Sum(h => Count(limit, h.Granted));

    private bool IsCurrent(int limit, DateTime at) => _limits[limit].Window.Kind is BudgetWindowKind.Total || at.Date == _now.Date;

    private void Advance(TimeSpan time)
    {
        bool isNextDay = (_now + time).Date > _now.Date;
        _now += time;
        if (isNextDay)
        {
            foreach (int limit in Enumerable.Range(0, _limits.Length).Where(l => _limits[l].Window.Kind is BudgetWindowKind.Day))
            {
                _used.Remove(limit);
            }
        }

        foreach (Hold hold in _holds.Where(h => h.IsOpen && _now - h.At >= Demands.TimeToLive).ToArray())
        {
            hold.IsOpen = false;
            hold.HasExpired = true;
            if (hold.IsSent)
            {
                Charge(hold, hold.Granted, sign: 1);
            }
        }

        // What has been expired for long can't be corrected any more; tests settle sooner.
        _holds.RemoveAll(h => h.HasExpired && _now - h.At > TimeSpan.FromMinutes(10));
    }

    private void Settle(Hold hold, BudgetAmount spent)
    {
        if (!hold.IsOpen && !hold.HasExpired)
        {
            return;
        }

        if (hold is { HasExpired: true, IsSent: true })
        {
            Charge(hold, hold.Granted, sign: -1);
        }

        Charge(hold, spent, sign: 1);
        (hold.IsOpen, hold.HasExpired) = (false, false);
    }

    private void Charge(Hold hold, BudgetAmount amount, int sign)
    {
        foreach (int limit in hold.Limits.Where(l => IsCurrent(l, hold.At) && _limits[l].Unit is not BudgetUnit.Concurrency))
        {
            _used[limit] = UsedOf(limit) + (sign * Count(limit, amount));
        }
    }

    private async Task CompareAsync(IBudgetLedger ledger)
    {
        IReadOnlyList<BudgetUsage> usage = await ledger.GetUsageAsync(_limits, default);
        Assert.That(
            usage.Select(u => (u.Used, u.Held)),
            Is.EqualTo(Enumerable.Range(0, _limits.Length).Select(limit => (UsedOf(limit), HeldOf(limit)))),
            () => string.Join('\n', _log));
    }

    private sealed class Hold(BudgetReservation reservation, int[] limits, BudgetAmount granted, DateTime at)
    {
        public BudgetReservation Reservation => reservation;

        public int[] Limits => limits;

        public BudgetAmount Granted => granted;

        public DateTime At => at;

        public bool IsOpen { get; set; } = true;

        public bool IsSent { get; set; }

        public bool HasExpired { get; set; }
    }
}
