using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Redis.Budgets;
using IntegrationLayer.Sdk.TestSupport.Budgets;
using IntegrationLayer.Sdk.TestSupport.Redis;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Tests.Budgets;

/// <summary>Three processes that spend one budget by leases on a real Redis, crash, freeze, and lose messages or their answers, by chance.</summary>
internal sealed class LeaseWorld : IAsyncDisposable
{
    private const int Processes = 3;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly LedgerHost _host;
    private readonly BudgetLimit _limit;
    private readonly Random _random;
    private readonly List<string> _log = [];
    private readonly LeasingBudgetLedger[] _ledgers = new LeasingBudgetLedger[Processes];
    private readonly List<(int Process, BudgetReservation Reservation, bool IsSent)> _calls = [];
    private decimal _spent;
    private decimal _lostCalls;
    private Tally _tally;

    private LeaseWorld(RedisServer server, Random random)
    {
        _host = new LedgerHost(server) { Time = _time, Options = { LeaseDuration = Duration } };
        _host.SetClock(Start);
        _random = random;
        BudgetWindow[] windows = [BudgetWindow.Total, BudgetWindow.Day(), BudgetWindow.Rolling(TimeSpan.FromDays(2))];
        _limit = new BudgetLimit(new BudgetScope(BudgetScopeKind.Tenant, "acme"), random.Next(3, 30), windows[random.Next(windows.Length)]);
        for (int i = 0; i < Processes; i++)
        {
            _ledgers[i] = Create();
        }
    }

    public static async Task<Tally> RunAsync(RedisServer server, int seed, int operations)
    {
        await using LeaseWorld world = new(server, new Random(seed));
        for (int i = 0; i < operations; i++)
        {
            await world.StepAsync();
            await world.CheckAsync();
        }

        await world.EndAsync();
        return world._tally;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private LeasingBudgetLedger Create() => _host.CreateLeasing(new LeaseTuning
    {
        Hot = _random.Next(1, 4),
        Fewest = _random.Next(1, 5),
        Least = 1,
        Share = _random.Next(1, 5),
        Recall = TimeSpan.FromSeconds(_random.Next(4) == 0 ? 2 : 0),
        IdleLooks = 3,
        Interval = TimeSpan.Zero,
    });

    private async Task StepAsync()
    {
        int process = _random.Next(Processes);
        LeasingBudgetLedger ledger = _ledgers[process];
        switch (_random.Next(20))
        {
            case < 9:
                await ReserveAsync(process);
                break;
            case < 11 when _calls.Count > 0:
                await EndAsync(_random.Next(_calls.Count));
                break;
            case 11 when _calls.Count > 0:
                await SendAsync(_random.Next(_calls.Count));
                break;
            case < 14:
                _log.Add($"{process} renews");
                await RenewAsync(ledger);
                break;
            case 14:
                _log.Add($"{process}'s message is lost");
                ledger.Book.Write(static _ => true, isRecall: _random.Next(2) == 0);
                break;
            case 15:
                _log.Add($"the answer to {process} is lost");
                await SendOnlyAsync(ledger);
                break;
            case 16:
                TimeSpan time = TimeSpan.FromSeconds(_random.Next(1, 50));
                _log.Add($"{time} pass");
                _tally.Expiries += time > Duration ? 1 : 0;
                _time.Advance(time);
                _host.Advance(time);
                break;
            case 17:
                Crash(process);
                break;
            case 18:
                _log.Add($"{process} ends");
                await EndCallsAsync(process);
                await ledger.DisposeAsync();
                _ledgers[process] = Create();
                break;
        }
    }

    private async Task ReserveAsync(int process)
    {
        decimal amount = _random.Next(5) == 0 ? _random.Next(1, 20) / 10m : _random.Next(1, 5) / 10m;
        try
        {
            BudgetReservation reservation = await _ledgers[process].ReserveAsync(amount, _limit);
            _log.Add($"{process} reserves {amount}{(reservation.State is LeasedHold ? " out of a lease" : "")}");
            _tally.Leased += reservation.State is LeasedHold ? 1 : 0;
            _tally.Asked += reservation.State is LeasedHold ? 0 : 1;
            _calls.Add((process, reservation, false));
        }
        catch (BudgetExceededException e)
        {
            _tally.Denied++;
            _log.Add($"{process} is denied {amount}: {e.Usage!.Value.Used} used, {e.Usage.Value.Held} held");
        }
    }

    private async Task<bool> SendAsync(int index)
    {
        (int process, BudgetReservation reservation, bool isSent) = _calls[index];
        try
        {
            await _ledgers[process].MarkSentAsync(reservation, default);
            _calls[index] = (process, reservation, true);
            return true;
        }
        catch (BudgetUnavailableException)
        {
            return isSent;
        }
    }

    // A call that goes out costs at most what was granted.
    private async Task EndAsync(int index)
    {
        bool isSent = await SendAsync(index);
        (int process, BudgetReservation reservation, _) = _calls[index];
        _calls.RemoveAt(index);
        decimal used = isSent ? Math.Round(reservation.Granted.Usd!.Value * _random.Next(0, 11) / 10m, 2) : 0;
        _spent += used;
        _log.Add($"{process} settles {used} of {reservation.Granted.Usd}");
        BudgetAmount amount = isSent ? Demands.Usd(used) : BudgetAmount.None;
        await _ledgers[process].SettleAsync(reservation, amount, default);
        if (_random.Next(4) == 0)
        {
            await _ledgers[process].SettleAsync(reservation, amount, default);
        }
    }

    private async Task EndCallsAsync(int process)
    {
        for (int i = _calls.Count - 1; i >= 0; i--)
        {
            if (_calls[i].Process == process)
            {
                await EndAsync(i);
            }
        }
    }

    private static async Task RenewAsync(LeasingBudgetLedger ledger)
    {
        await ledger.Keeper.RenewAsync(default);
        await ledger.Keeper.SettleAsync();
    }

    private async Task SendOnlyAsync(LeasingBudgetLedger ledger)
    {
        List<LeaseMessage> messages = ledger.Book.Write(static _ => true, isRecall: false);
        if (messages.Count > 0)
        {
            await _host.PartsOf(_host.Connection).Store.RenewAsync([.. messages], Duration, ledger.Book.Tuning, default);
        }
    }

    // What it had sent may have cost all that was granted; what it had settled and not told must not be lost either.
    private void Crash(int process)
    {
        _log.Add($"{process} crashes");
        _tally.Crashes++;
        foreach ((_, BudgetReservation reservation, bool isSent) in _calls.Where(c => c.Process == process))
        {
            _lostCalls += isSent ? reservation.Granted.Usd!.Value : 0;
        }

        _calls.RemoveAll(c => c.Process == process);
        _ledgers[process] = Create();
    }

    private async Task CheckAsync()
    {
        (decimal used, decimal held) = await CountsAsync();
        decimal underWay = _calls.Where(c => c.IsSent).Sum(c => c.Reservation.Granted.Usd!.Value);
        if (used + held > _limit.Amount || _spent + _lostCalls + underWay > _limit.Amount)
        {
            Assert.Fail($"{_limit}: {used} used, {held} held; spent {_spent}, lost {_lostCalls}, under way {underWay}\n{string.Join('\n', _log)}");
        }
    }

    // Once all has ended or expired, everything that was spent is counted. Nothing is counted without having been leased by somebody who died or was cut off.
    private async Task EndAsync()
    {
        while (_calls.Count > 0)
        {
            await EndAsync(_calls.Count - 1);
        }

        foreach (LeasingBudgetLedger ledger in _ledgers)
        {
            for (int i = 0; i < 5; i++)
            {
                await RenewAsync(ledger);
            }
        }

        _host.Advance(TimeSpan.FromMinutes(5));
        _time.Advance(TimeSpan.FromMinutes(5));
        LeasingBudgetLedger last = Create();
        (decimal used, decimal held) = await last.UsageOfAsync(_limit);
        if (used < _spent + _lostCalls || held != 0 || used > _limit.Amount || (_tally is { Crashes: 0, Expiries: 0 } && used != _spent))
        {
            Assert.Fail($"{_limit}: {used} used, {held} held; spent {_spent}, lost {_lostCalls}\n{string.Join('\n', _log)}");
        }
    }

    private async Task<(decimal Used, decimal Held)> CountsAsync()
    {
        IDatabase database = await _host.Connection.GetDatabaseAsync();
        RedisWindow window = new RedisCounter(_limit, _host.Connection.KeyPrefix).At(_time.GetUtcNow());
        RedisValue[] counts = await database.HashGetAsync(window.Counts, ["c", "h"]);
        return (BudgetAmount.FromNanoUsd((long)counts[0]), BudgetAmount.FromNanoUsd((long)counts[1]));
    }

    /// <summary>How often what happened.</summary>
    internal record struct Tally(int Leased, int Asked, int Denied, int Crashes, int Expiries)
    {
        public static Tally operator +(Tally left, Tally right) => new(
            left.Leased + right.Leased, left.Asked + right.Asked, left.Denied + right.Denied, left.Crashes + right.Crashes, left.Expiries + right.Expiries);
    }
}
