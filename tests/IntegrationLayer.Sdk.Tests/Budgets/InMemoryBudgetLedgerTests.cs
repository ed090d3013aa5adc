using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.TestSupport.Budgets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Budgets;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class InMemoryBudgetLedgerTests : BudgetLedgerContract
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 18, 0, 0, TimeSpan.Zero));

    private InMemoryBudgetLedger Memory => (InMemoryBudgetLedger)Ledger;

    protected override Task<IBudgetLedger> CreateAsync() =>
        Task.FromResult<IBudgetLedger>(new InMemoryBudgetLedger(_time, new BudgetObservers([Observer], NullLogger<BudgetObservers>.Instance)));

    protected override Task AdvanceAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }

    [Test]
    public async Task Scopes_of_past_windows_are_forgotten_and_those_of_the_current_one_are_not()
    {
        for (int day = 0; day < 10; day++)
        {
            for (int user = 0; user < 1_000; user++)
            {
                await Ledger.ReserveAsync(4, Demands.DailyOfUser($"{day}", $"{user}", 4));
            }

            await ThrowsAsync<BudgetExceededException>(Ledger.ReserveAsync(1, Demands.DailyOfUser($"{day}", "0", 4)));
            _time.Advance(TimeSpan.FromDays(1));
        }

        Assert.That(Memory.Scopes, Is.LessThan(4_000));
    }

    [Test]
    public async Task Idle_rolling_windows_and_calls_are_forgotten_and_busy_ones_are_not()
    {
        BudgetLimit busy = Demands.DailyOfUser(Name, "busy", 5) with { Unit = BudgetUnit.Concurrency };
        await Ledger.ReserveAsync(1, busy);
        for (int user = 0; user < 3_000; user++)
        {
            BudgetLimit rolling = Demands.DailyOfUser(Name, $"{user}", 4) with { Window = BudgetWindow.Rolling(TimeSpan.FromMinutes(1)) };
            BudgetLimit calls = rolling with { Unit = BudgetUnit.Concurrency };
            await Ledger.SettleAsync(await Ledger.ReserveAsync(1, rolling, calls), 1);
            _time.Advance(TimeSpan.FromMilliseconds(50));
        }

        Assert.That(Memory.Scopes, Is.LessThan(3_500));
        Assert.That(await Ledger.UsageOfAsync(busy), Is.EqualTo((0m, 1m)));
    }

    [Test]
    [Property("FaultMatrix", "44")]
    public async Task Clock_that_goes_back_brings_no_past_window_back()
    {
        BudgetLimit limit = Demands.Daily(Name, 4);
        JumpingClock clock = new(_time);
        InMemoryBudgetLedger ledger = new(clock, new BudgetObservers([], NullLogger<BudgetObservers>.Instance));
        await ledger.ReserveAsync(4, limit);
        clock.Jump = TimeSpan.FromHours(7);
        await ledger.ReserveAsync(3, limit);
        clock.Jump = TimeSpan.FromHours(-2);

        Assert.That(await ledger.UsageOfAsync(limit), Is.EqualTo((0m, 3m)));
        await ThrowsAsync<BudgetExceededException>(ledger.ReserveAsync(2, limit));
    }

    // A budget of all time counts each call once; one of a day renews only with a later day than any before; a rolling one never counts less than it should.
    [FsCheck.NUnit.Property(MaxTest = 100)]
    public void Clock_that_jumps_charges_nothing_twice_and_loses_nothing(int[] hours) => JumpAsync(hours).GetAwaiter().GetResult();

    private async Task JumpAsync(int[] hours)
    {
        BudgetLimit day = Demands.Daily("jumpy", 1_000);
        BudgetLimit[] limits = [day with { Window = BudgetWindow.Total }, day, day with { Window = BudgetWindow.Rolling(TimeSpan.FromHours(6)) }];
        JumpingClock clock = new(_time);
        InMemoryBudgetLedger ledger = new(clock, new BudgetObservers([], NullLogger<BudgetObservers>.Instance));
        (decimal total, decimal today, DateTimeOffset latest) = (0, 0, default);
        foreach (int hour in hours)
        {
            clock.Jump = TimeSpan.FromHours(hour % 100);
            DateTimeOffset now = clock.GetUtcNow();
            today = now.UtcDateTime.Date > latest.UtcDateTime.Date ? 0 : today;
            latest = now > latest ? now : latest;
            BudgetReservation held = await ledger.ReserveAsync(2, limits);
            await ledger.SettleAsync(held, 1);
            await ledger.SettleAsync(held, 1);
            (total, today) = (total + 1, today + 1);
        }

        IReadOnlyList<BudgetUsage> usage = await ledger.GetUsageAsync(limits, default);
        Assert.That(usage.Select(u => u.Held), Is.All.Zero);
        Assert.That((usage[0].Used, usage[1].Used), Is.EqualTo((total, today)));
        Assert.That(usage[2].Used, Is.AtLeast(hours.Length > 0 ? 1 : 0).And.AtMost(total));
    }

    [Test]
    public async Task Observer_that_throws_disturbs_neither_the_call_nor_other_observers()
    {
        InMemoryBudgetLedger ledger = new(_time, new BudgetObservers([new Broken(), Observer], NullLogger<BudgetObservers>.Instance));
        BudgetLimit limit = Demands.Daily(Name, 4) with { Thresholds = [50] };

        await ledger.SettleAsync(await ledger.ReserveAsync(2, limit), 2);

        Assert.That(Observer.Thresholds, Is.EqualTo([50]));
    }

    [Test]
    public async Task Reserving_and_settling_allocates_nothing()
    {
        BudgetLimit[] limits = [Demands.Daily(Name, 1_000), Demands.DailyOfUser(Name, "jo", 1_000), Demands.DailyOfUser(Name, "al", 1_000), Demands.DailyOfUser(Name, "bo", 1_000)];
        BudgetDemand demand = Demands.Of(limits, 0.5m);
        for (int i = 0; i < 100; i++)
        {
            await ReserveAndSettleAsync(demand);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            await ReserveAndSettleAsync(demand);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private async ValueTask ReserveAndSettleAsync(BudgetDemand demand)
    {
        BudgetReservation reservation = await Ledger.ReserveAsync(demand, default);
        await Ledger.MarkSentAsync(reservation, default);
        await Ledger.SettleAsync(reservation, 0.25m);
    }

    private sealed class Broken : IBudgetObserver
    {
        public void OnBudgetEvent(BudgetEvent budgetEvent) => throw new InvalidOperationException("observer");
    }

    private sealed class JumpingClock(TimeProvider inner) : TimeProvider
    {
        public TimeSpan Jump { get; set; }

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Jump;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override long TimestampFrequency => inner.TimestampFrequency;
    }
}
