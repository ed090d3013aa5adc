using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Redis.Budgets;
using IntegrationLayer.Sdk.TestSupport.Budgets;
using IntegrationLayer.Sdk.TestSupport.Redis;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Redis.Tests.Budgets;

/// <summary>When budgets are leased, how leases end, and what happens while Redis is away or others need what is leased.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LeasingBudgetLedgerTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 5, 12, 0, 0, TimeSpan.Zero);
    private static readonly BudgetLimit Limit = Demands.Daily("acme", 1_000);
    private static readonly LeaseTuning Manual = new();

    private readonly FakeTimeProvider _time = new(Noon);
    private readonly RecordingObserver _observer = new();
    private RedisServer _server = null!;
    private LedgerHost _host = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await RedisServer.StartNewAsync();
        _host = new LedgerHost(_server) { Time = _time, Options = { Mode = RedisBudgetMode.Lease, Timeout = TimeSpan.FromDays(1) } };
        _host.SetClock(Noon);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task Busy_budget_is_spent_by_leases_and_an_idle_one_by_asking()
    {
        LeasingBudgetLedger ledger = _host.CreateLeasing(Manual);
        bool wasLeased = await BusyAsync(ledger, 3);
        await RenewAsync(ledger);
        bool isLeasedAfterThree = ledger.Book.HasLeases;
        await BusyAsync(ledger, 4);
        await RenewAsync(ledger);

        BudgetReservation leased = await ledger.ReserveAsync(1, Limit);
        await ledger.SettleAsync(leased, 0.5m);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(wasLeased, Is.False);
            Assert.That(isLeasedAfterThree, Is.False);
            Assert.That(leased.State, Is.InstanceOf<LeasedHold>());
            Assert.That(await ledger.UsageOfAsync(Limit), Is.EqualTo((7.5m, 0m)));
        }
    }

    [Test]
    public async Task Request_with_one_idle_limit_asks_and_leases_nothing()
    {
        LeasingBudgetLedger ledger = _host.CreateLeasing(Manual);
        for (int i = 0; i < 10; i++)
        {
            await ledger.SettleAsync(await ledger.ReserveAsync(1, Limit, Demands.DailyOfUser("acme", $"jo{i}", 10)), 1);
        }

        await RenewAsync(ledger);

        Assert.That(ledger.Book.HasLeases, Is.False);
    }

    [Test]
    public async Task What_nobody_uses_any_more_is_given_back()
    {
        LeasingBudgetLedger ledger = await LeasedAsync();
        for (int i = 0; i <= Manual.IdleLooks + 1; i++)
        {
            await RenewAsync(ledger);
        }

        Assert.That(ledger.Book.HasLeases, Is.False);
        Assert.That(await _host.CreateLedger().UsageOfAsync(Limit), Is.EqualTo((4m, 0m)));
    }

    [Test]
    public async Task Disposed_ledger_gives_back_what_it_leased_and_tells_what_it_used()
    {
        LeasingBudgetLedger ledger = await LeasedAsync();
        BudgetReservation underWay = await ledger.ReserveAsync(2, Limit);
        await ledger.SettleAsync(await ledger.ReserveAsync(1, Limit), 0.75m);
        await ledger.DisposeAsync();

        Assert.That(underWay.State, Is.InstanceOf<LeasedHold>());
        Assert.That(await _host.CreateLedger().UsageOfAsync(Limit), Is.EqualTo((4.75m, 2m)));
    }

    [Test]
    [Property("FaultMatrix", "45")]
    public async Task Lease_of_a_process_that_died_is_charged_whole_once_its_time_is_over()
    {
        LeasingBudgetLedger dead = await LeasedAsync();
        await dead.MarkSentAsync(await dead.ReserveAsync(1, Limit), default);
        RedisBudgetLedger other = _host.CreateLedger(_observer);
        (decimal used, decimal held) = await other.UsageOfAsync(Limit);
        _host.Advance(_host.Options.LeaseDuration);

        Assert.That((used, held), Is.EqualTo((4m, 16m)));
        Assert.That(await other.UsageOfAsync(Limit), Is.EqualTo((20m, 0m)));
        Assert.That(_observer.Events.Single(e => e.Kind is BudgetEventKind.ReservationExpired).Amount, Is.EqualTo(16));
    }

    [Test]
    [Property("FaultMatrix", "45")]
    public async Task Process_that_was_frozen_longer_than_its_lease_is_charged_what_it_used_in_the_end()
    {
        LeasingBudgetLedger frozen = await LeasedAsync();
        BudgetReservation underWay = await frozen.ReserveAsync(1, Limit);
        await frozen.MarkSentAsync(underWay, default);
        await AdvanceAsync(_host.Options.LeaseDuration + TimeSpan.FromSeconds(1));
        (decimal used, decimal held) = await _host.CreateLedger().UsageOfAsync(Limit);

        BudgetReservation next = await frozen.ReserveAsync(1, Limit);
        await RenewAsync(frozen);
        await frozen.SettleAsync(underWay, 0.25m);
        await frozen.SettleAsync(next, 1);
        await RenewAsync(frozen);

        Assert.That((used, held), Is.EqualTo((20m, 0m)));
        Assert.That(next.State, Is.InstanceOf<RedisHold>(), "nothing is spent out of a lease that may be over");
        Assert.That(await _host.CreateLedger().UsageOfAsync(Limit), Is.EqualTo((5.25m, 0m)));
    }

    [Test]
    [Property("FaultMatrix", "37")]
    public async Task While_redis_is_away_what_was_leased_is_spent_and_no_more()
    {
        _host.Options.Timeout = TimeSpan.FromSeconds(1);
        LeasingBudgetLedger ledger = await LeasedAsync();
        await _server.StopAsync();

        BudgetReservation leased = await ledger.ReserveAsync(10, Limit);
        await ledger.MarkSentAsync(leased, default);
        await ledger.SettleAsync(leased, 9);
        BudgetUnavailableException e = await ThrowsAsync<BudgetUnavailableException>(ledger.ReserveAsync(10, Limit));
        await RenewAsync(ledger);
        _time.Advance(_host.Options.LeaseDuration);
        await ThrowsAsync<BudgetUnavailableException>(ledger.ReserveAsync(1, Limit));

        Assert.That(e.Message, Does.Contain("Lease"));
    }

    [Test]
    [Property("FaultMatrix", "46")]
    public async Task Request_that_is_affordable_is_not_refused_because_others_hold_leases()
    {
        await using LedgerHost host = new(_server);
        BudgetLimit small = Limit with { Amount = 100 };
        LeasingBudgetLedger holder = await EagerAsync(host, small);
        LeasingBudgetLedger other = host.CreateLeasing(Manual with { Interval = TimeSpan.FromMinutes(1) });

        ValueTask<BudgetReservation> asked = other.ReserveAsync(90, small);
        while (!asked.IsCompleted)
        {
            await RenewAsync(holder);
        }

        Assert.That((await asked).IsHeld);
        Assert.That(await other.UsageOfAsync(small), Is.EqualTo((1m, 90m)));
    }

    [Test]
    public async Task Others_that_do_not_answer_are_waited_for_and_then_the_request_is_denied()
    {
        await using LedgerHost host = new(_server);
        BudgetLimit small = Limit with { Amount = 100 };
        await EagerAsync(host, small);
        LeasingBudgetLedger other = host.CreateLeasing(Manual with { Interval = TimeSpan.FromMilliseconds(4) });

        await ThrowsAsync<BudgetExceededException>(other.ReserveAsync(90, small));
        BudgetExceededException e = await ThrowsAsync<BudgetExceededException>(other.ReserveAsync(90, small));

        Assert.That(e.Usage!.Value.Held, Is.EqualTo(99), "what is leased counts as held");
    }

    [Test]
    public async Task Better_choice_is_not_missed_because_of_what_lies_idle()
    {
        BudgetLimit small = Limit with { Amount = 100 };
        LeasingBudgetLedger ledger = _host.CreateLeasing(PromptLedger.Eager);
        await BusyAsync(ledger, 1, small);
        await RenewAsync(ledger);

        BudgetReservation granted = await ledger.ReserveAsync(Demands.Of([small], 95, 1), default);

        Assert.That((granted.Choice, granted.Granted.Usd), Is.EqualTo((0, 95m)));
    }

    [Test]
    public async Task Hard_and_soft_limit_of_one_scope_are_leased_as_one_within_the_hard_one()
    {
        BudgetLimit soft = Limit with { Amount = 5, IsSoft = true };
        LeasingBudgetLedger ledger = _host.CreateLeasing(Manual, _observer);
        await BusyAsync(ledger, 4, Limit, soft);
        await RenewAsync(ledger);
        BudgetReservation leased = await ledger.ReserveAsync(2, Limit, soft);
        await ledger.SettleAsync(leased, 2);
        await RenewAsync(ledger);

        Assert.That(leased.State, Is.InstanceOf<LeasedHold>());
        Assert.That(await ledger.UsageOfAsync(soft), Is.EqualTo((6m, 0m)));
        Assert.That(_observer.Thresholds, Is.EqualTo([100]));
    }

    [Test]
    public async Task Threshold_is_reported_once_by_all_processes_together()
    {
        BudgetLimit limit = Limit with { Thresholds = [1] };
        LeasingBudgetLedger[] ledgers = [await LeasedAsync(limit), await LeasedAsync(limit)];
        foreach (LeasingBudgetLedger ledger in ledgers)
        {
            await ledger.SettleAsync(await ledger.ReserveAsync(8, limit), 8);
        }

        foreach (LeasingBudgetLedger ledger in ledgers)
        {
            await RenewAsync(ledger);
            await RenewAsync(ledger);
        }

        Assert.That(_observer.Thresholds, Is.EqualTo([1]));
    }

    [Test]
    [Property("FaultMatrix", "40")]
    public async Task Lease_that_a_flushed_redis_lost_ends_and_its_calls_are_counted_when_they_end()
    {
        LeasingBudgetLedger ledger = await LeasedAsync();
        BudgetReservation underWay = await ledger.ReserveAsync(1, Limit);
        await _server.FlushAsync();
        await RenewAsync(ledger);
        await ThrowsAsync<BudgetUnavailableException>(ledger.ReserveAsync(1, Limit));
        _host.History.Used[Limit.Scope] = 4;
        await AdvanceAsync(_host.Options.RebuildDelay);
        await ledger.SettleAsync(await ledger.ReserveAsync(1, Limit), 1);

        await ledger.SettleAsync(underWay, 1);
        await RenewAsync(ledger);

        Assert.That(await ledger.UsageOfAsync(Limit), Is.EqualTo((6m, 0m)));
    }

    [TestCase("register")]
    [TestCase("Tenant:acme:Usd:day@UTC:1772668800")]
    [TestCase("Tenant:acme:Usd:day@UTC:1772668800:leases")]
    public async Task Key_that_holds_something_else_is_put_aside(string key)
    {
        LeasingBudgetLedger ledger = await LeasedAsync();
        await _server.CommandAsync($"SET {_host.Connection.KeyPrefix}:b1:{{acme}}:{key} rubbish");
        await ThrowsAsync<BudgetExceededException>(ledger.ReserveAsync(2_000, Limit));
        await RenewAsync(ledger);
        await RenewAsync(ledger);

        Assert.That((await ledger.ReserveAsync(1, Limit)).IsHeld);
    }

    [Test]
    public async Task Scopes_that_are_not_seen_any_more_are_forgotten()
    {
        LeasingBudgetLedger ledger = _host.CreateLeasing(Manual);
        for (int i = 0; i < 20; i++)
        {
            await ledger.SettleAsync(await ledger.ReserveAsync(1, Demands.DailyOfUser("acme", $"jo{i}", 10)), 1);
        }

        int known = ledger.Book.Accounts;
        for (int i = 0; i <= Manual.IdleLooks; i++)
        {
            await RenewAsync(ledger);
        }

        Assert.That((known, ledger.Book.Accounts), Is.EqualTo((20, 0)));
        Assert.That((await ledger.ReserveAsync(1, Demands.DailyOfUser("acme", "jo1", 10))).IsHeld);
    }

    [Test]
    public async Task Failover_is_paid_out_of_what_the_failed_call_held()
    {
        LeasingBudgetLedger ledger = await LeasedAsync();
        BudgetReservation first = await ledger.ReserveAsync(15, Limit);
        BudgetReservation second = await ledger.ReplaceAsync(first, BudgetAmount.None, Demands.Of([Limit], 15m), default);
        BudgetReservation third = await ledger.ReplaceAsync(second, Demands.Usd(1), Demands.Of([Limit], 500m), default);
        BudgetReservation fourth = await ledger.ReplaceAsync(third, Demands.Usd(2), Demands.Of([Limit], 3m), default);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(second.State, Is.InstanceOf<LeasedHold>());
            Assert.That(third.State, Is.InstanceOf<RedisHold>(), "more than is leased");
            Assert.That(await ledger.UsageOfAsync(Limit), Is.EqualTo((7m, 3m)));
            Assert.That(fourth.IsHeld);
        }
    }

    [Test]
    public async Task Settlement_after_its_lease_is_over_is_counted_nevertheless()
    {
        LeasingBudgetLedger ledger = await LeasedAsync();
        BudgetReservation forgotten = await ledger.ReserveAsync(2, Limit);
        await ledger.MarkSentAsync(forgotten, default);
        for (int i = 0; i < 20; i++)
        {
            await AdvanceAsync(TimeSpan.FromSeconds(10));
            await RenewAsync(ledger);
        }

        (decimal used, decimal held) = await ledger.UsageOfAsync(Limit);
        bool hasLeases = ledger.Book.HasLeases;
        Assert.That(() => ledger.MarkSentAsync(forgotten, default).AsTask(), Throws.TypeOf<BudgetUnavailableException>());
        await ledger.SettleAsync(forgotten, 0.5m);
        await RenewAsync(ledger);
        await RenewAsync(ledger);

        Assert.That((used, held, hasLeases), Is.EqualTo((6m, 0m, false)));
        Assert.That(await ledger.UsageOfAsync(Limit), Is.EqualTo((4.5m, 0m)));
    }

    [Test]
    public async Task Lease_ends_with_its_window_and_calls_under_way_count_in_the_old_one()
    {
        LeasingBudgetLedger ledger = await LeasedAsync();
        BudgetReservation underWay = await ledger.ReserveAsync(1, Limit);
        await AdvanceAsync(TimeSpan.FromHours(12));
        await RenewAsync(ledger);
        await ledger.SettleAsync(underWay, 1);
        await RenewAsync(ledger);

        Assert.That(ledger.Book.HasLeases, Is.False);
        Assert.That(await ledger.UsageOfAsync(Limit), Is.EqualTo((0m, 0m)));
    }

    [Test]
    public async Task Calls_under_way_are_leased_too()
    {
        BudgetLimit calls = Limit with { Unit = BudgetUnit.Concurrency, Amount = 400, Window = BudgetWindow.Total };
        BudgetLimit requests = Limit with { Unit = BudgetUnit.Requests, Amount = 4_000 };
        BudgetLimit tokens = Limit with { Unit = BudgetUnit.Tokens, Amount = 4_000_000, Window = BudgetWindow.Rolling(TimeSpan.FromMinutes(1)) };
        LeasingBudgetLedger ledger = await LeasedAsync(calls, requests, tokens);
        BudgetReservation call = await ledger.ReserveAsync(Demands.Of([calls, requests, tokens], new BudgetAmount(1, 10)), default);
        (decimal Used, decimal Held) during = await ledger.UsageOfAsync(calls);
        await ledger.SettleAsync(call, new BudgetAmount(1, 8), default);
        await ledger.DisposeAsync();

        RedisBudgetLedger other = _host.CreateLedger();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(call.State, Is.InstanceOf<LeasedHold>());
            Assert.That(during, Is.EqualTo((0m, 1m)));
            Assert.That(await other.UsageOfAsync(calls), Is.EqualTo((0m, 0m)));
            Assert.That(await other.UsageOfAsync(requests), Is.EqualTo((5m, 0m)));
            Assert.That((await other.UsageOfAsync(tokens)).Used, Is.EqualTo(8));
        }
    }

    [Test]
    public async Task Leases_are_taken_and_renewed_by_themselves()
    {
        await using LedgerHost host = new(_server) { Options = { Mode = RedisBudgetMode.Lease } };
        LeasingBudgetLedger ledger = host.CreateLeasing(tuning: null);
        int leased = 0;
        decimal used = 0;
        while (leased < 1_000)
        {
            BudgetReservation reservation = await ledger.ReserveAsync(0.01m, Limit);
            leased += reservation.State is LeasedHold ? 1 : 0;
            used += 0.01m;
            await ledger.SettleAsync(reservation, 0.01m);
        }

        await ledger.DisposeAsync();
        Assert.That(await host.CreateLedger().UsageOfAsync(Limit), Is.EqualTo((used, 0m)));
    }

    private static async Task<LeasingBudgetLedger> EagerAsync(LedgerHost host, BudgetLimit limit)
    {
        LeasingBudgetLedger ledger = host.CreateLeasing(PromptLedger.Eager with { Share = 1, Fewest = 1_000, Recall = TimeSpan.FromSeconds(2) });
        await BusyAsync(ledger, 1, limit);
        await RenewAsync(ledger);
        return ledger;
    }

    [Test]
    public async Task Failure_that_goes_on_is_told_once_and_leases_go_on_when_it_is_over()
    {
        FirstFailure failures = new();
        await using LedgerHost host = new(_server) { Options = { Mode = RedisBudgetMode.Lease }, Loggers = failures };
        LeasingBudgetLedger ledger = host.CreateLeasing(tuning: null);
        await BusyUntilLeasedAsync(ledger);
        RedisWindow window = new RedisCounter(Limit, host.Connection.KeyPrefix).At(TimeProvider.System.GetUtcNow());
        await _server.CommandAsync($"HSET {window.Counts} h 1.5");
        await failures.Seen;
        await _server.CommandAsync($"HSET {window.Counts} h 0");
        await BusyUntilLeasedAsync(ledger);

        Assert.That(failures.Count, Is.EqualTo(1));
    }

    private static async Task BusyUntilLeasedAsync(LeasingBudgetLedger ledger)
    {
        bool isLeased = false;
        while (!isLeased)
        {
            BudgetReservation reservation = await ledger.ReserveAsync(0.01m, Limit);
            isLeased = reservation.State is LeasedHold;
            await ledger.SettleAsync(reservation, 0.01m);
        }
    }

    private async Task<LeasingBudgetLedger> LeasedAsync(params BudgetLimit[] limits)
    {
        LeasingBudgetLedger ledger = _host.CreateLeasing(Manual, _observer);
        await BusyAsync(ledger, 4, limits);
        await RenewAsync(ledger);
        Assert.That(ledger.Book.HasLeases);
        return ledger;
    }

    private static async Task<bool> BusyAsync(LeasingBudgetLedger ledger, int requests, params BudgetLimit[] limits)
    {
        bool isLeased = false;
        for (int i = 0; i < requests; i++)
        {
            BudgetReservation reservation = await ledger.ReserveAsync(1, limits is [] ? [Limit] : limits);
            isLeased |= reservation.State is LeasedHold;
            await ledger.SettleAsync(reservation, 1);
        }

        return isLeased;
    }

    private static async Task RenewAsync(LeasingBudgetLedger ledger)
    {
        await ledger.Keeper.RenewAsync(default);
        await ledger.Keeper.SettleAsync();
    }

    private Task AdvanceAsync(TimeSpan time)
    {
        _host.Advance(time);
        _time.Advance(time);
        return Task.CompletedTask;
    }

    private static async Task<TException> ThrowsAsync<TException>(ValueTask<BudgetReservation> operation)
        where TException : Exception
    {
        try
        {
            await operation;
        }
        catch (TException e)
        {
            return e;
        }

        throw new AssertionException($"Expected {typeof(TException).Name}.");
    }
}
