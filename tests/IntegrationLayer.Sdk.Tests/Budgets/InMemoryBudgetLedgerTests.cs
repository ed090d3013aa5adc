using IntegrationLayer.Sdk.Budgets;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Budgets;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class InMemoryBudgetLedgerTests
{
    private static readonly BudgetLimit Team = new(new BudgetScope("team"), 10, TimeSpan.FromDays(1));
    private static readonly BudgetLimit User = new(new BudgetScope("user"), 4, TimeSpan.FromDays(1));

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 18, 0, 0, TimeSpan.Zero));

    [Test]
    public async Task Two_limits_of_one_scope_and_period_count_a_call_once()
    {
        var ledger = new InMemoryBudgetLedger(_time);
        await ledger.ReserveAsync([User, Team, User with { AmountUsd = 5 }], [2], default);
        Assert.That((await ledger.ReserveAsync([User], [2], default)).GrantedUsd, Is.EqualTo(2));
    }

    [Test]
    public async Task Unknown_amount_is_not_even_paid_by_the_largest_limit()
    {
        var ledger = new InMemoryBudgetLedger(_time);
        await Expect.ThrowsAsync<BudgetExceededException>(async () => await ledger.ReserveAsync([Team with { AmountUsd = decimal.MaxValue }], [decimal.MaxValue], default));
    }

    [Test]
    public async Task Period_of_no_time_is_refused()
    {
        var ledger = new InMemoryBudgetLedger(_time);
        await Expect.ThrowsAsync<ArgumentException>(async () => await ledger.ReserveAsync([Team with { Period = TimeSpan.Zero }], [1], default));
    }

    [Test]
    public async Task Scopes_of_past_periods_are_forgotten_and_those_of_the_current_one_are_not()
    {
        var ledger = new InMemoryBudgetLedger(_time);
        for (int day = 0; day < 10; day++)
        {
            for (int user = 0; user < 1_000; user++)
            {
                await ledger.ReserveAsync([User with { Scope = new BudgetScope($"user:{day}:{user}") }], [4], default);
            }

            await Expect.ThrowsAsync<BudgetExceededException>(async () => await ledger.ReserveAsync([User with { Scope = new BudgetScope($"user:{day}:0") }], [1], default));
            _time.Advance(TimeSpan.FromDays(1));
        }

        Assert.That(ledger.Scopes, Is.LessThan(4_000));
    }

    [Test]
    public async Task First_amount_that_every_limit_can_pay_is_granted()
    {
        var ledger = new InMemoryBudgetLedger(_time);
        BudgetReservation reservation = await ledger.ReserveAsync([Team, User], [5, 3, 1], default);

        Assert.That((reservation.Choice, reservation.GrantedUsd), Is.EqualTo((1, 3m)));
    }

    [Test]
    public async Task What_is_held_back_counts_until_it_is_settled_and_settling_twice_has_no_effect()
    {
        var ledger = new InMemoryBudgetLedger(_time);
        BudgetReservation held = await ledger.ReserveAsync([User], [3], default);
        await Expect.ThrowsAsync<BudgetExceededException>(async () => await ledger.ReserveAsync([User], [2], default));

        await ledger.SettleAsync(held, 1, default);
        await ledger.SettleAsync(held, 0, default);
        Assert.That((await ledger.ReserveAsync([User], [3], default)).GrantedUsd, Is.EqualTo(3));
        await Expect.ThrowsAsync<BudgetExceededException>(async () => await ledger.ReserveAsync([User], [0.01m], default));
    }

    [Test]
    public async Task Denial_holds_nothing_back_anywhere()
    {
        var ledger = new InMemoryBudgetLedger(_time);
        await Expect.ThrowsAsync<BudgetExceededException>(async () => await ledger.ReserveAsync([Team, User], [5], default));

        Assert.That((await ledger.ReserveAsync([Team], [10], default)).GrantedUsd, Is.EqualTo(10));
    }

    [Test]
    public async Task Budget_is_renewed_with_its_period_and_the_denial_says_when()
    {
        var ledger = new InMemoryBudgetLedger(_time);
        await ledger.ReserveAsync([User], [4], default);
        BudgetExceededException e = await Expect.ThrowsAsync<BudgetExceededException>(async () => await ledger.ReserveAsync([User], [1], default));
        Assert.That(e.RetryAfter, Is.EqualTo(TimeSpan.FromHours(6)));
        Assert.That(e.IsTransient);

        _time.Advance(TimeSpan.FromHours(6));
        Assert.That((await ledger.ReserveAsync([User], [4], default)).GrantedUsd, Is.EqualTo(4));
    }

    [Test]
    public async Task Late_settlement_of_a_past_period_doesnt_burden_the_current_one()
    {
        var ledger = new InMemoryBudgetLedger(_time);
        BudgetReservation old = await ledger.ReserveAsync([User], [4], default);
        _time.Advance(TimeSpan.FromHours(6));
        await ledger.ReserveAsync([User], [1], default);
        await ledger.SettleAsync(old, 4, default);

        Assert.That((await ledger.ReserveAsync([User], [3], default)).GrantedUsd, Is.EqualTo(3));
    }

    [Test]
    public async Task Racing_workers_never_overspend()
    {
        var ledger = new InMemoryBudgetLedger(_time);
        int granted = 0;
        await Parallel.ForAsync(0, 200, async (_, token) =>
        {
            try
            {
                BudgetReservation reservation = await ledger.ReserveAsync([Team], [0.3m], token);
                await ledger.SettleAsync(reservation, 0.25m, token);
                Interlocked.Increment(ref granted);
            }
            catch (BudgetExceededException)
            {
                Assert.That(Volatile.Read(ref granted), Is.GreaterThan(0));
            }
        });

        Assert.That(granted * 0.25m, Is.LessThanOrEqualTo(10m).And.GreaterThan(9m));
    }
}
