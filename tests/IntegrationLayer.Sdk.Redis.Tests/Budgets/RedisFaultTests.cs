using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Redis.Budgets;
using IntegrationLayer.Sdk.TestSupport.Budgets;
using IntegrationLayer.Sdk.TestSupport.Redis;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Tests.Budgets;

/// <summary>What the ledger does when Redis is slow, away, or no longer what it was.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RedisFaultTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 5, 12, 0, 0, TimeSpan.Zero);
    private static readonly BudgetLimit Limit = Demands.Daily("acme", 10);

    private readonly RecordingObserver _observer = new();
    private RedisServer _server = null!;
    private LedgerHost _host = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await RedisServer.StartNewAsync(isDurable: true);
        _host = new LedgerHost(_server);
        _host.SetClock(Noon);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    [Property("FaultMatrix", "46")]
    public async Task Processes_share_a_budget()
    {
        RedisBudgetLedger one = _host.CreateLedger();
        RedisBudgetLedger other = _host.CreateLedger();
        BudgetReservation held = await one.ReserveAsync(6, Limit);
        await DeniedAsync(other, 5);
        await one.SettleAsync(held, 5);

        Assert.That((await other.ReserveAsync(5, Limit)).IsHeld);
        Assert.That(await one.UsageOfAsync(Limit), Is.EqualTo((5m, 5m)));
    }

    [Test]
    public async Task Threshold_that_two_processes_pass_together_is_reported_once_in_each_window()
    {
        BudgetLimit limit = Limit with { Thresholds = [50], IsSoft = true };
        RedisBudgetLedger[] ledgers = [_host.CreateLedger(_observer), _host.CreateLedger(_observer)];
        for (int day = 0; day < 2; day++)
        {
            foreach (RedisBudgetLedger ledger in ledgers)
            {
                BudgetReservation held = await ledger.ReserveAsync(6, limit);
                await ledger.SettleAsync(held, 6);
                await ledger.SettleAsync(await ledger.ReserveAsync(6, limit), 0);
            }

            _host.Advance(TimeSpan.FromDays(1));
        }

        Assert.That(_observer.Thresholds, Is.EqualTo([50, 50]));
    }

    [Test]
    public async Task Scripts_that_redis_has_forgotten_are_loaded_again()
    {
        RedisBudgetLedger ledger = _host.CreateLedger();
        BudgetReservation held = await ledger.ReserveAsync(6, Limit);
        await _server.ForgetScriptsAsync();
        await ledger.MarkSentAsync(held, default);
        await _server.ForgetScriptsAsync();
        await ledger.SettleAsync(held, 5);

        Assert.That(await ledger.UsageOfAsync(Limit), Is.EqualTo((5m, 0m)));
    }

    [Test]
    [Property("FaultMatrix", "40")]
    public async Task Flushed_redis_means_unknown_until_calls_under_way_have_ended_and_then_what_the_records_say()
    {
        RedisBudgetLedger ledger = _host.CreateLedger();
        await ledger.SettleAsync(await ledger.ReserveAsync(2, Limit), 2);
        BudgetReservation underWay = await ledger.ReserveAsync(3, Limit);
        await _server.FlushAsync();

        BudgetUnavailableException denied = await UnavailableAsync(ledger, 1);
        await ledger.SettleAsync(underWay, 3);
        _host.History.Used[Limit.Scope] = 5;
        _host.Advance(TimeSpan.FromMinutes(2));

        Assert.That(denied.Message, Does.Contain("2026-03-05 12:02:0").And.Contain("rebuilt"));
        Assert.That(await ledger.UsageOfAsync(Limit), Is.EqualTo((5m, 0m)));
        await DeniedAsync(ledger, 5.1m);
        Assert.That(_host.History.Asked[^1].Period.Start, Is.EqualTo(new DateTimeOffset(2026, 3, 5, 0, 0, 0, TimeSpan.Zero)));
    }

    [Test]
    public async Task Call_that_was_held_before_the_flush_and_ends_after_the_rebuilding_is_counted()
    {
        RedisBudgetLedger ledger = _host.CreateLedger();
        BudgetReservation slow = await ledger.ReserveAsync(3, Limit);
        await _server.FlushAsync();
        await UnavailableAsync(ledger, 1);
        _host.Advance(TimeSpan.FromMinutes(2));
        await ledger.ReserveAsync(1, Limit);

        await ledger.SettleAsync(slow, 2.5m);

        Assert.That(await ledger.UsageOfAsync(Limit), Is.EqualTo((2.5m, 1m)));
    }

    [Test]
    public async Task Budgets_of_a_new_tenant_begin_with_what_the_records_say()
    {
        _host.History.Used[Limit.Scope] = 9;
        RedisBudgetLedger ledger = _host.CreateLedger();

        await DeniedAsync(ledger, 2);
        Assert.That((await ledger.ReserveAsync(1, Limit)).IsHeld);
    }

    [Test]
    public async Task Window_that_begins_while_redis_remembers_needs_no_records()
    {
        RedisBudgetLedger ledger = _host.CreateLedger();
        await ledger.ReserveAsync(1, Limit);
        int asked = _host.History.Asked.Count;
        _host.Advance(TimeSpan.FromDays(1));
        await ledger.ReserveAsync(1, Limit);

        Assert.That(_host.History.Asked, Has.Count.EqualTo(asked));
    }

    [Test]
    [Property("FaultMatrix", "40")]
    public async Task Evicted_counter_is_rebuilt_and_not_taken_for_unspent()
    {
        RedisBudgetLedger ledger = _host.CreateLedger();
        _host.Advance(TimeSpan.FromDays(1));
        await ledger.SettleAsync(await ledger.ReserveAsync(6, Limit), 6);
        _host.Advance(TimeSpan.FromDays(1));
        await ledger.SettleAsync(await ledger.ReserveAsync(6, Limit), 6);
        await DeleteAsync(":Usd:");
        _host.History.Used[Limit.Scope] = 6;

        await DeniedAsync(ledger, 5);
        Assert.That(await ledger.UsageOfAsync(Limit), Is.EqualTo((6m, 0m)));
    }

    [Test]
    public async Task Without_records_unknown_budgets_are_denied_or_by_choice_taken_for_unspent()
    {
        _host.History.IsMissing = true;
        BudgetUnavailableException e = await UnavailableAsync(_host.CreateLedger(), 1);
        _host.Options.Unknown = UnknownBudgetPolicy.AssumeUnspent;

        Assert.That(e.Message, Does.Contain("tenant:acme").And.Contain("IBudgetHistory").And.Contain("AssumeUnspent"));
        Assert.That((await _host.CreateLedger().ReserveAsync(10, Limit)).IsHeld);
    }

    [Test]
    public async Task Records_that_cant_be_read_deny_until_they_can()
    {
        RedisBudgetLedger ledger = _host.CreateLedger();
        _host.History.Failure = new InvalidOperationException("database down");
        BudgetUnavailableException e = await UnavailableAsync(ledger, 1);
        _host.History.Failure = null;

        Assert.That(e.Message, Does.Contain("database down"));
        Assert.That((await ledger.ReserveAsync(1, Limit)).IsHeld);
    }

    [TestCase(":Usd:", false)]
    [TestCase(":expiries", false)]
    [TestCase(":register", false)]
    [TestCase(":Usd:", true)]
    [Property("FaultMatrix", "39")]
    public async Task Key_that_holds_something_else_is_put_aside_and_the_budget_rebuilt(string key, bool isHash)
    {
        RedisBudgetLedger ledger = _host.CreateLedger();
        await ledger.ReserveAsync(1, Limit);
        _host.History.Used[Limit.Scope] = 4;
        IDatabase database = await _host.Connect().GetDatabaseAsync();
        RedisKey found = Keys(database).First(k => key == ":Usd:" ? k.Contains(key, StringComparison.Ordinal) && !k.EndsWith(":expiries", StringComparison.Ordinal) : k.EndsWith(key, StringComparison.Ordinal));
        await database.KeyDeleteAsync(found);
        if (isHash)
        {
            await database.HashSetAsync(found, [new("c", "rubbish"), new("h", "0")]);
        }
        else
        {
            await database.StringSetAsync(found, "rubbish");
        }

        if (key == ":register")
        {
            await database.KeyDeleteAsync(Keys(database).Where(k => k.Contains(":Usd:", StringComparison.Ordinal)).Select(k => (RedisKey)k).ToArray());
        }

        BudgetReservation held = await ledger.ReserveAsync(1, Limit);

        Assert.That(held.IsHeld);
        Assert.That(Keys(database), Has.Some.Contains(":quarantine:"));
    }

    [Test]
    public async Task Dead_redis_denies_what_a_hard_limit_covers_and_lets_go_what_only_soft_ones_do()
    {
        RedisBudgetLedger ledger = _host.CreateLedger(_observer);
        BudgetLimit soft = Limit with { IsSoft = true };
        await ledger.ReserveAsync(1, soft);
        await _server.StopAsync();

        BudgetUnavailableException e = await UnavailableAsync(ledger, 1);
        BudgetReservation uncounted = await ledger.ReserveAsync(2, soft);
        await ledger.MarkSentAsync(uncounted, default);
        await ledger.SettleAsync(uncounted, 2);
        await _server.StartAsync();
        await ledger.Settled;

        Assert.That(e.Message, Does.Contain("tenant:acme").And.Contain("Strict").And.Contain("Open"));
        Assert.That(e.IsTransient);
        Assert.That(_observer.Events.Select(x => (x.Kind, x.Amount)), Has.Member((BudgetEventKind.ServedUncounted, 2m)));
        Assert.That(await ledger.UsageOfAsync(Limit), Is.EqualTo((2m, 1m)));
    }

    [Test]
    public async Task Open_mode_goes_on_within_an_allowance_and_counts_it_when_redis_is_back()
    {
        _host.Options.Mode = RedisBudgetMode.Open;
        RedisBudgetLedger ledger = _host.CreateLedger(_observer);
        await ledger.SettleAsync(await ledger.ReserveAsync(4, Limit), 4);
        await _server.StopAsync();

        await ledger.SettleAsync(await ledger.ReserveAsync(0.6m, Limit), 0.5m);
        BudgetExceededException e = await DeniedAsync(ledger, 0.6m);
        await ledger.SettleAsync(await ledger.ReserveAsync(0.5m, Limit), 0.5m);
        await _server.StartAsync();
        await ledger.Settled;

        Assert.That(await ledger.UsageOfAsync(Limit), Is.EqualTo((5m, 0m)));

        Assert.That(e.Usage!.Value.Limit.Amount, Is.EqualTo(1), "a tenth of the limit");
    }

    [Test]
    [Property("FaultMatrix", "45")]
    public async Task Settlement_that_redis_was_away_for_is_made_once_when_it_is_back()
    {
        RedisBudgetLedger ledger = _host.CreateLedger();
        BudgetReservation held = await ledger.ReserveAsync(3, Limit);
        await ledger.MarkSentAsync(held, default);
        await _server.StopAsync();
        await ledger.SettleAsync(held, 2);
        int waiting = ledger.Waiting;
        await _server.StartAsync();

        await ledger.Settled;
        Assert.That(await ledger.UsageOfAsync(Limit), Is.EqualTo((2m, 0m)));
        Assert.That(waiting, Is.EqualTo(1));
    }

    [Test]
    [Property("FaultMatrix", "38")]
    public async Task Reservation_whose_answer_was_lost_is_released()
    {
        _host.Options.Timeout = TimeSpan.FromMilliseconds(100);
        RedisBudgetLedger ledger = _host.CreateLedger();
        await WarmUpAsync(() => ledger.GetUsageAsync([Limit], default));
        _server.Pause();
        BudgetUnavailableException e = await UnavailableAsync(ledger, 1);
        _server.Resume();

        await ledger.Settled;
        _host.Options.Timeout = TimeSpan.FromSeconds(20);
        Assert.That(await _host.CreateLedger().UsageOfAsync(Limit), Is.EqualTo((0m, 0m)));
        Assert.That(e.Message, Does.Contain("100 ms"));
    }

    [Test]
    public async Task Settlement_whose_answer_was_lost_counts_once()
    {
        _host.Options.Timeout = TimeSpan.FromMilliseconds(100);
        RedisBudgetLedger ledger = _host.CreateLedger();
        await WarmUpAsync(() => ledger.GetUsageAsync([Limit], default));
        BudgetReservation held = await WarmUpAsync(() => ledger.ReserveAsync(3, Limit));
        _server.Pause();
        await ledger.SettleAsync(held, 2);
        _server.Resume();

        await ledger.Settled;
        _host.Options.Timeout = TimeSpan.FromSeconds(20);
        RedisBudgetLedger other = _host.CreateLedger();
        Assert.That((await other.UsageOfAsync(Limit)).Used, Is.EqualTo(2));
    }

    [Test]
    public async Task Late_first_settlement_after_its_repetition_counts_nothing()
    {
        RedisBudgetParts parts = _host.PartsOf(_host.Connect());
        RedisBudgetLedger ledger = _host.CreateLedger();
        BudgetReservation held = await ledger.ReserveAsync(3, Limit);
        RedisHold hold = (RedisHold)held.State!;
        foreach (SettleTry attempt in (SettleTry[])[SettleTry.Repeated, SettleTry.First, SettleTry.Repeated, SettleTry.First])
        {
            await parts.Store.SettleAsync(new Replacement(hold, Demands.Usd(2), attempt), hold.Windows, default);
        }

        Assert.That(await ledger.UsageOfAsync(Limit), Is.EqualTo((2m, 0m)));
    }

    [Test]
    public async Task Read_only_redis_is_one_that_is_away()
    {
        RedisBudgetLedger ledger = _host.CreateLedger();
        await ledger.ReserveAsync(1, Limit);
        await _server.MakeReadOnlyAsync();
        BudgetUnavailableException e = await UnavailableAsync(ledger, 1);
        await _server.MakeWritableAsync();

        Assert.That(e.Message, Does.Contain("ReadOnly"));
        Assert.That((await ledger.ReserveAsync(1, Limit)).IsHeld);
    }

    [Test]
    [Property("FaultMatrix", "40")]
    public async Task Restarted_durable_redis_knows_everything()
    {
        RedisBudgetLedger ledger = _host.CreateLedger();
        BudgetReservation held = await ledger.ReserveAsync(3, Limit);
        Task isBack = await Reconnection.ExpectAsync(_host.Connection);
        await _server.StopAsync();
        await _server.StartAsync();
        await isBack;

        Assert.That(await ledger.UsageOfAsync(Limit), Is.EqualTo((0m, 3m)));
        await ledger.SettleAsync(held, 1);
        await ledger.Settled;
        Assert.That(await ledger.UsageOfAsync(Limit), Is.EqualTo((1m, 0m)));
    }

    [Test]
    public async Task Amounts_beyond_what_scripts_count_exactly_never_exceed_the_limit()
    {
        BudgetLimit large = Limit with { Amount = 100_000_000.000_000_7m };
        RedisBudgetLedger ledger = _host.CreateLedger();
        await ledger.SettleAsync(await ledger.ReserveAsync(60_000_000.000_000_3m, large), 60_000_000.000_000_3m);
        await ledger.ReserveAsync(39_999_999.99m, large);

        Assert.That(await ledger.UsageOfAsync(large), Is.EqualTo((60_000_000.000_000_3m, 39_999_999.99m)));
        await ThrowsAsync<BudgetExceededException>(ledger.ReserveAsync(0.010_001m, large));
    }

    [Test]
    public async Task Cancelled_caller_gets_its_cancellation_and_holds_nothing()
    {
        RedisBudgetLedger ledger = _host.CreateLedger();
        await ledger.GetUsageAsync([Limit], default);
        using CancellationTokenSource source = new();
        _server.Pause();
        ValueTask<BudgetReservation> reserving = ledger.ReserveAsync(Demands.Of([Limit], 1m), source.Token);
        await source.CancelAsync();
        await ThrowsAsync<OperationCanceledException>(reserving);
        _server.Resume();

        await ledger.Settled;
        Assert.That(await ledger.UsageOfAsync(Limit), Is.EqualTo((0m, 0m)));
    }

    private static Task<BudgetUnavailableException> UnavailableAsync(RedisBudgetLedger ledger, decimal usd) =>
        ThrowsAsync<BudgetUnavailableException>(ledger.ReserveAsync(usd, Limit));

    private static Task<BudgetExceededException> DeniedAsync(RedisBudgetLedger ledger, decimal usd) =>
        ThrowsAsync<BudgetExceededException>(ledger.ReserveAsync(usd, Limit));

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

    // A busy machine may take longer for the first one, which connects and loads the scripts, than the test lets Redis have.
    private static async Task<T> WarmUpAsync<T>(Func<ValueTask<T>> operation)
    {
        while (true)
        {
            try
            {
                return await operation();
            }
            catch (BudgetUnavailableException)
            {
                await Task.Yield();
            }
        }
    }

    private static string[] Keys(IDatabase database) =>
        [.. database.Multiplexer.GetServers()[0].Keys(pattern: "*").Select(key => (string)key!)];

    private async Task DeleteAsync(string part)
    {
        IDatabase database = await _host.Connect().GetDatabaseAsync();
        await database.KeyDeleteAsync([.. Keys(database).Where(key => key.Contains(part, StringComparison.Ordinal)).Select(key => (RedisKey)key)]);
    }
}
