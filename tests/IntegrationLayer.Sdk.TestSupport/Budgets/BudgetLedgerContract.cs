using IntegrationLayer.Sdk.Budgets;
using NUnit.Framework;

namespace IntegrationLayer.Sdk.TestSupport.Budgets;

/// <summary>What every ledger must do. Implementations inherit it and make a fresh ledger for each test.</summary>
/// <remarks>Tenants have names of their own in each test, so that a shared store need not be emptied.</remarks>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class BudgetLedgerContract
{
    private static readonly BudgetScopeKind[] Shared = [BudgetScopeKind.Organization, BudgetScopeKind.Provider, BudgetScopeKind.Model, BudgetScopeKind.Operation];

    /// <summary>A name that no other test uses.</summary>
    protected string Name { get; } = Guid.NewGuid().ToString("N");

    /// <summary>What the ledger tells.</summary>
    protected RecordingObserver Observer { get; } = new();

    /// <summary>The ledger under test. It starts at 18:00 UTC of a Thursday, the first of January.</summary>
    protected IBudgetLedger Ledger { get; private set; } = null!;

    private BudgetLimit Team => Demands.Daily(Name, 10);

    private BudgetLimit User => Demands.DailyOfUser(Name, "jo", 4);

    [SetUp]
    public async Task CreateLedgerAsync() => Ledger = await CreateAsync();

    [TearDown]
    public async Task DisposeLedgerAsync()
    {
        if (Ledger is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }

    [Test]
    public async Task First_choice_that_every_limit_can_pay_is_granted()
    {
        BudgetReservation reservation = await Ledger.ReserveAsync(Demands.Of([Team, User], 5, 3, 1), default);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reservation.IsHeld);
            Assert.That(reservation.Choice, Is.EqualTo(1));
            Assert.That(reservation.Granted, Is.EqualTo(Demands.Usd(3)));
            Assert.That(await Ledger.UsageOfAsync(Team), Is.EqualTo((0m, 3m)));
            Assert.That(await Ledger.UsageOfAsync(User), Is.EqualTo((0m, 3m)));
        }
    }

    [Test]
    public async Task What_is_held_counts_until_it_is_settled_and_settling_twice_has_no_effect()
    {
        BudgetReservation held = await Ledger.ReserveAsync(3, User);
        await ThrowsAsync<BudgetExceededException>(Ledger.ReserveAsync(2, User));

        await Ledger.SettleAsync(held, 1);
        await Ledger.SettleAsync(held, 2);

        Assert.That(await Ledger.UsageOfAsync(User), Is.EqualTo((1m, 0m)));
        await Ledger.ReserveAsync(3, User);
        await ThrowsAsync<BudgetExceededException>(Ledger.ReserveAsync(0.000_000_001m, User));
    }

    [Test]
    public async Task Denial_holds_nothing_anywhere_and_says_who_how_much_and_until_when()
    {
        BudgetReservation settled = await Ledger.ReserveAsync(1, Team, User);
        await Ledger.SettleAsync(settled, 1);
        await Ledger.ReserveAsync(2.5m, Team, User);

        BudgetExceededException e = await ThrowsAsync<BudgetExceededException>(Ledger.ReserveAsync(Demands.Of([Team, User], 9, 2, 3), default));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(e.Scope, Is.EqualTo(User.Scope));
            Assert.That(e.Usage!.Value, Is.EqualTo(new BudgetUsage(User, 1, 2.5m) { ResetsAt = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero) }));
            Assert.That(e.Usage.Value.Left, Is.EqualTo(0.5m));
            Assert.That(e.Needed, Is.EqualTo(2));
            Assert.That(e.RetryAfter!.Value.TotalHours, Is.EqualTo(6).Within(0.1));
            Assert.That(e.IsTransient);
            Assert.That(e.Message, Does.Contain($"user:{Name}/jo").And.Contain("of 4 USD").And.Contain("1 used").And.Contain("2.5 held").And.Contain("at least 2 USD").And.Contain("2026-01-02"));
            Assert.That(await Ledger.UsageOfAsync(Team), Is.EqualTo((1m, 2.5m)));
        }
    }

    [Test]
    public async Task Amount_that_no_renewal_pays_is_not_worth_waiting_for()
    {
        BudgetExceededException e = await ThrowsAsync<BudgetExceededException>(Ledger.ReserveAsync(5, User));

        Assert.That((e.RetryAfter, e.IsTransient), Is.EqualTo(((TimeSpan?)null, false)));
    }

    [Test]
    public async Task Released_reservation_leaves_nothing()
    {
        BudgetReservation held = await Ledger.ReserveAsync(3, Team, User);
        await Ledger.SettleAsync(held, BudgetAmount.None, default);

        Assert.That(await Ledger.UsageOfAsync(User), Is.EqualTo((0m, 0m)));
        Assert.That(await Ledger.UsageOfAsync(Team), Is.EqualTo((0m, 0m)));
    }

    [Test]
    public async Task Call_that_used_more_than_it_was_granted_is_charged_what_it_used()
    {
        BudgetReservation held = await Ledger.ReserveAsync(3, User);
        await Ledger.SettleAsync(held, 4.5m);

        Assert.That(await Ledger.UsageOfAsync(User), Is.EqualTo((4.5m, 0m)));
        await ThrowsAsync<BudgetExceededException>(Ledger.ReserveAsync(0.1m, User));
    }

    [Test]
    public async Task Unknown_cost_is_charged_as_it_was_granted()
    {
        BudgetReservation held = await Ledger.ReserveAsync(3, User);
        await Ledger.SettleAsync(held, new BudgetAmount(null, 0), default);

        Assert.That(await Ledger.UsageOfAsync(User), Is.EqualTo((3m, 0m)));
    }

    [Test]
    public async Task Unknown_price_can_be_paid_by_no_limit_in_money_but_by_one_in_tokens()
    {
        BudgetLimit tokens = User with { Unit = BudgetUnit.Tokens, Amount = 100 };

        BudgetExceededException e = await ThrowsAsync<BudgetExceededException>(Ledger.ReserveAsync(Demands.Of([User], new BudgetAmount(null, 5)), default));
        BudgetReservation held = await Ledger.ReserveAsync(Demands.Of([tokens], new BudgetAmount(null, 5)), default);

        Assert.That(e.Needed, Is.Null);
        Assert.That(e.Message, Does.Contain("nobody knows"));
        Assert.That(held.IsHeld);
    }

    [Test]
    public async Task Two_limits_of_one_scope_unit_and_window_count_a_call_once()
    {
        await Ledger.ReserveAsync(2, User, Team, User with { Amount = 5 });

        Assert.That(await Ledger.UsageOfAsync(User), Is.EqualTo((0m, 2m)));
        Assert.That(await Ledger.UsageOfAsync(User with { Amount = 5 }), Is.EqualTo((0m, 2m)));
    }

    [Test]
    public async Task Users_of_one_name_in_two_tenants_are_two()
    {
        await Ledger.ReserveAsync(4, User);

        Assert.That((await Ledger.ReserveAsync(4, Demands.DailyOfUser(Name + "2", "jo", 4))).IsHeld);
    }

    [Test]
    public async Task Limits_of_several_tenants_and_of_all_hold_together([ValueSource(nameof(Shared))] BudgetScopeKind kind)
    {
        BudgetLimit all = new(new BudgetScope(kind, Name), 5, BudgetWindow.Total);
        BudgetLimit other = Demands.Daily(Name + "2", 10);
        BudgetReservation first = await Ledger.ReserveAsync(3, Team, all);

        BudgetReservation second = await Ledger.ReserveAsync(Demands.Of([other, all], 3, 2), default);
        BudgetExceededException e = await ThrowsAsync<BudgetExceededException>(Ledger.ReserveAsync(1, other, all));
        await Ledger.SettleAsync(first, 1);
        await Ledger.SettleAsync(second, 1);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(second.Choice, Is.EqualTo(1));
            Assert.That(e.Scope, Is.EqualTo(all.Scope));
            Assert.That(await Ledger.UsageOfAsync(all), Is.EqualTo((2m, 0m)));
            Assert.That(await Ledger.UsageOfAsync(other), Is.EqualTo((1m, 0m)));
        }
    }

    [Test]
    public async Task Limit_that_a_choice_is_spared_neither_denies_nor_counts_it()
    {
        BudgetLimit provider = new(new BudgetScope(BudgetScopeKind.Provider, Name), 1, BudgetWindow.Day());
        BudgetDemand demand = new([Team, provider], [new(Demands.Usd(2)), new(Demands.Usd(3)) { Spares = 0b10 }], Demands.TimeToLive);

        BudgetReservation reservation = await Ledger.ReserveAsync(demand, default);
        await Ledger.SettleAsync(reservation, 3);

        Assert.That(reservation.Choice, Is.EqualTo(1));
        Assert.That(await Ledger.UsageOfAsync(provider), Is.EqualTo((0m, 0m)));
        Assert.That(await Ledger.UsageOfAsync(Team), Is.EqualTo((3m, 0m)));
    }

    [Test]
    public async Task Tokens_requests_and_calls_under_way_are_counted_too()
    {
        BudgetLimit tokens = Team with { Unit = BudgetUnit.Tokens, Amount = 100 };
        BudgetLimit requests = Team with { Unit = BudgetUnit.Requests, Amount = 3 };
        BudgetLimit calls = Team with { Unit = BudgetUnit.Concurrency, Amount = 2, Window = BudgetWindow.Total };
        BudgetLimit[] all = [tokens, requests, calls];

        BudgetReservation first = await Ledger.ReserveAsync(Demands.Of(all, new BudgetAmount(0, 40)), default);
        BudgetReservation second = await Ledger.ReserveAsync(Demands.Of(all, new BudgetAmount(0, 40)), default);
        BudgetExceededException tooMany = await ThrowsAsync<BudgetExceededException>(Ledger.ReserveAsync(Demands.Of(all, new BudgetAmount(0, 1)), default));
        await Ledger.SettleAsync(first, new BudgetAmount(0, 50), default);
        BudgetExceededException tooLong = await ThrowsAsync<BudgetExceededException>(Ledger.ReserveAsync(Demands.Of(all, new BudgetAmount(0, 20)), default));
        await Ledger.SettleAsync(second, BudgetAmount.None, default);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(tooMany.Usage!.Value, Is.EqualTo(new BudgetUsage(calls, 0, 2)));
            Assert.That(tooMany.IsTransient);
            Assert.That(tooLong.Usage!.Value.Limit, Is.EqualTo(tokens));
            Assert.That(await Ledger.UsageOfAsync(tokens), Is.EqualTo((50m, 0m)));
            Assert.That(await Ledger.UsageOfAsync(requests), Is.EqualTo((1m, 0m)));
            Assert.That(await Ledger.UsageOfAsync(calls), Is.EqualTo((0m, 0m)));
        }
    }

    [Test]
    public async Task Soft_limit_denies_nothing_and_reports_when_it_is_reached_once()
    {
        BudgetLimit soft = Team with { IsSoft = true, Amount = 2 };
        for (int i = 0; i < 3; i++)
        {
            await Ledger.SettleAsync(await Ledger.ReserveAsync(1.5m, soft), 1.5m);
        }

        Assert.That(await Ledger.UsageOfAsync(soft), Is.EqualTo((4.5m, 0m)));
        Assert.That(Observer.Thresholds, Is.EqualTo([100]));
    }

    [Test]
    public async Task Thresholds_are_reported_once_in_each_window()
    {
        BudgetLimit limit = Team with { Thresholds = [50, 80, 100] };
        foreach (decimal usd in (decimal[])[4.9m, 0.1m, 1, 2.5m])
        {
            await Ledger.SettleAsync(await Ledger.ReserveAsync(usd, limit), usd);
        }

        IReadOnlyList<int> today = Observer.Thresholds;
        BudgetEvent first = Observer.Events[0];
        await AdvanceAsync(TimeSpan.FromDays(1));
        await Ledger.SettleAsync(await Ledger.ReserveAsync(6, limit), 6);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(today, Is.EqualTo([50, 80]));
            Assert.That(first.Limit, Is.EqualTo(limit));
            Assert.That(first.Used, Is.EqualTo(5));
            Assert.That(Observer.Thresholds, Is.EqualTo([50, 80, 50]));
        }
    }

    [Test]
    public async Task Budget_is_renewed_with_its_window_and_late_settlements_dont_burden_the_new_one()
    {
        BudgetReservation old = await Ledger.ReserveAsync(4, User);
        await AdvanceAsync(TimeSpan.FromHours(6));
        await Ledger.ReserveAsync(1, User);
        await Ledger.SettleAsync(old, 4);

        Assert.That(await Ledger.UsageOfAsync(User), Is.EqualTo((0m, 1m)));
    }

    [Test]
    public async Task Budget_of_all_time_is_never_renewed()
    {
        BudgetLimit total = User with { Window = BudgetWindow.Total };
        await Ledger.SettleAsync(await Ledger.ReserveAsync(4, total), 4);
        await AdvanceAsync(TimeSpan.FromDays(400));

        BudgetExceededException e = await ThrowsAsync<BudgetExceededException>(Ledger.ReserveAsync(1, total));
        Assert.That((e.RetryAfter, e.Usage!.Value.ResetsAt), Is.EqualTo(((TimeSpan?)null, (DateTimeOffset?)null)));
        Assert.That(e.Message, Does.Contain("never renewed"));
    }

    [Test]
    public async Task Rolling_window_frees_what_has_left_it_and_nothing_earlier()
    {
        BudgetLimit rolling = User with { Window = BudgetWindow.Rolling(TimeSpan.FromHours(1)) };
        await Ledger.SettleAsync(await Ledger.ReserveAsync(3, rolling), 3);
        await AdvanceAsync(TimeSpan.FromMinutes(30));
        await Ledger.SettleAsync(await Ledger.ReserveAsync(1, rolling), 1);
        BudgetExceededException e = await ThrowsAsync<BudgetExceededException>(Ledger.ReserveAsync(2, rolling));
        await AdvanceAsync(TimeSpan.FromMinutes(29));
        await ThrowsAsync<BudgetExceededException>(Ledger.ReserveAsync(2, rolling));
        await AdvanceAsync(TimeSpan.FromMinutes(3));

        Assert.That(e.RetryAfter!.Value.TotalMinutes, Is.InRange(30, 32.01));
        Assert.That(await Ledger.UsageOfAsync(rolling), Is.EqualTo((1m, 0m)));
        await Ledger.ReserveAsync(3, rolling);
    }

    [Test]
    [Property("FaultMatrix", "45")]
    public async Task Expired_reservation_of_a_call_that_went_out_is_charged_and_of_one_that_didnt_is_released()
    {
        BudgetReservation sent = await Ledger.ReserveAsync(1, User);
        await Ledger.MarkSentAsync(sent, default);
        await Ledger.ReserveAsync(3, User);
        await AdvanceAsync(Demands.TimeToLive - TimeSpan.FromSeconds(1));
        await ThrowsAsync<BudgetExceededException>(Ledger.ReserveAsync(1, User));
        await AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.That(await Ledger.ReserveAsync(3, User), Has.Property(nameof(BudgetReservation.IsHeld)).True);
        Assert.That(await Ledger.UsageOfAsync(User), Is.EqualTo((1m, 3m)));
        Assert.That(Observer.Events.Where(e => e.Kind is BudgetEventKind.ReservationExpired).Sum(e => e.Amount), Is.EqualTo(1));
    }

    [Test]
    [Property("FaultMatrix", "45")]
    public async Task Settlement_after_the_expiry_corrects_what_was_charged_and_only_once()
    {
        BudgetReservation sent = await Ledger.ReserveAsync(2, User);
        await Ledger.MarkSentAsync(sent, default);
        BudgetReservation unsent = await Ledger.ReserveAsync(1, User);
        await AdvanceAsync(Demands.TimeToLive + TimeSpan.FromSeconds(1));
        (decimal Used, decimal Held) expired = await Ledger.UsageOfAsync(User);

        await Ledger.SettleAsync(sent, 0.5m);
        await Ledger.SettleAsync(sent, 0.5m);
        await Ledger.SettleAsync(unsent, 0.25m);

        Assert.That(expired, Is.EqualTo((2m, 0m)));
        Assert.That(await Ledger.UsageOfAsync(User), Is.EqualTo((0.75m, 0m)));
    }

    [Test]
    public async Task Call_must_not_go_out_once_its_reservation_holds_nothing()
    {
        BudgetReservation expired = await Ledger.ReserveAsync(2, User);
        await AdvanceAsync(Demands.TimeToLive + TimeSpan.FromSeconds(1));
        BudgetReservation settled = await Ledger.ReserveAsync(2, User);
        await Ledger.SettleAsync(settled, 1);

        Assert.That(() => Ledger.MarkSentAsync(expired, default).AsTask(), Throws.TypeOf<BudgetUnavailableException>());
        Assert.That(() => Ledger.MarkSentAsync(settled, default).AsTask(), Throws.TypeOf<BudgetUnavailableException>());
    }

    [Test]
    public async Task Calls_under_way_that_expire_free_their_place()
    {
        BudgetLimit one = Team with { Unit = BudgetUnit.Concurrency, Amount = 1, Window = BudgetWindow.Total };
        await Ledger.MarkSentAsync(await Ledger.ReserveAsync(1, one), default);
        await AdvanceAsync(Demands.TimeToLive + TimeSpan.FromSeconds(1));

        Assert.That((await Ledger.ReserveAsync(1, one)).IsHeld);
    }

    [Test]
    public async Task Replacing_settles_the_old_and_holds_the_new_in_what_the_old_one_held()
    {
        BudgetReservation first = await Ledger.ReserveAsync(4, Team, User);
        BudgetReservation second = await Ledger.ReplaceAsync(first, Demands.Usd(0.5m), Demands.Of([Team, User], 4, 3.5m), default);
        await Ledger.SettleAsync(first, 4);

        Assert.That(second.Choice, Is.EqualTo(1));
        Assert.That(await Ledger.UsageOfAsync(User), Is.EqualTo((0.5m, 3.5m)));
        Assert.That(await Ledger.UsageOfAsync(Team), Is.EqualTo((0.5m, 3.5m)));

        await ThrowsAsync<BudgetExceededException>(Ledger.ReplaceAsync(second, Demands.Usd(1), Demands.Of([Team, User], 3), default));
        Assert.That(await Ledger.UsageOfAsync(User), Is.EqualTo((1.5m, 0m)));
    }

    [Test]
    public async Task Replacing_by_other_limits_settles_where_the_old_one_was_held()
    {
        BudgetReservation first = await Ledger.ReserveAsync(2, User);
        await Ledger.ReplaceAsync(first, Demands.Usd(1), Demands.Of([Team], 3m), default);
        BudgetReservation unknown = await Ledger.ReplaceAsync(first, Demands.Usd(1), Demands.Of([Team], 1m), default);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(unknown.IsHeld, "what is settled already has nothing to give");
            Assert.That(await Ledger.UsageOfAsync(User), Is.EqualTo((1m, 0m)));
            Assert.That(await Ledger.UsageOfAsync(Team), Is.EqualTo((0m, 4m)));
        }
    }

    [Test]
    public void Demand_without_limits_choices_or_time_is_refused() => Assert.Multiple(() =>
    {
        BudgetChoice[] one = [new(Demands.Usd(1))];
        Assert.That(() => Ledger.ReserveAsync(new BudgetDemand([], one, Demands.TimeToLive), default).AsTask(), Throws.ArgumentException.With.Message.Contains("0 limits"));
        Assert.That(() => Ledger.ReserveAsync(new BudgetDemand([.. Enumerable.Repeat(User, 65)], one, Demands.TimeToLive), default).AsTask(), Throws.ArgumentException.With.Message.Contains("65 limits"));
        Assert.That(() => Ledger.ReserveAsync(new BudgetDemand([User], [], Demands.TimeToLive), default).AsTask(), Throws.ArgumentException.With.Message.Contains("no choice"));
        Assert.That(() => Ledger.ReserveAsync(new BudgetDemand([User], one, TimeSpan.Zero), default).AsTask(), Throws.ArgumentException.With.Message.Contains("00:00:00"));
        Assert.That(() => Ledger.ReserveAsync(Demands.Of([User], -1m), default).AsTask(), Throws.ArgumentException.With.Message.Contains("-1"));
    });

    [Test]
    public async Task Racing_workers_never_overspend()
    {
        int granted = 0;
        await Parallel.ForAsync(0, 200, async (_, token) =>
        {
            try
            {
                BudgetReservation reservation = await Ledger.ReserveAsync(Demands.Of([Team, User with { Amount = 1_000 }], 0.3m), token);
                await Ledger.SettleAsync(reservation, Demands.Usd(0.25m), token);
                Interlocked.Increment(ref granted);
            }
            catch (BudgetExceededException)
            {
                // All that is left is held by others.
            }
        });

        Assert.That(granted * 0.25m, Is.LessThanOrEqualTo(10m).And.GreaterThan(8m));
        Assert.That(await Ledger.UsageOfAsync(Team), Is.EqualTo((granted * 0.25m, 0m)));
    }

    [Test]
    public async Task Sequences_of_operations_end_as_a_simple_model_says([Range(1, 20)] int seed)
    {
        LedgerModel model = new(Name);
        await model.RunAsync(Ledger, AdvanceAsync, new Random(seed), operations: 60);
    }

    /// <summary>Makes an empty ledger that tells <see cref="Observer"/> what happens.</summary>
    protected abstract Task<IBudgetLedger> CreateAsync();

    /// <summary>Lets time pass for the ledger.</summary>
    protected abstract Task AdvanceAsync(TimeSpan time);

    /// <summary>Gets the exception that an operation ends in.</summary>
    protected static async Task<TException> ThrowsAsync<TException>(ValueTask<BudgetReservation> operation)
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
