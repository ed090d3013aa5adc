using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Systematic.Tests.Broken;
using Microsoft.Coyote.Specifications;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Systematic.Tests;

/// <summary>Reservations in memory, under many schedules: never more than the limit, and each settled once.</summary>
internal sealed class ReservationTests
{
    private static readonly BudgetLimit Tenant = new(new BudgetScope(BudgetScopeKind.Tenant, "acme"), 5m, BudgetWindow.Total);
    private static readonly BudgetLimit Everybody = new(new BudgetScope(BudgetScopeKind.Organization, "all"), 4m, BudgetWindow.Total);

    [Test]
    [Property("FaultMatrix", "46")]
    public void Used_and_held_never_exceed_a_limit() => Explorer.Explore(() => RaceAsync(Ledger(new FakeTimeProvider())));

    [Test]
    public void Ledger_that_looks_before_it_counts_is_caught() => Explorer.ShouldFind(() => RaceAsync(new RacyLedger()));

    [Test]
    public void Reservation_is_settled_once_whoever_settles_it() => Explorer.Explore(() => SettleTwiceAsync(Ledger(new FakeTimeProvider())));

    [Test]
    public void Ledger_that_settles_twice_is_caught() => Explorer.ShouldFind(() => SettleTwiceAsync(new RacyLedger()));

    // The hold expires while its call settles it: whoever is first, it is charged what was spent, once.
    [Test]
    public void Expiry_and_settlement_charge_once() => Explorer.Explore(async () =>
    {
        FakeTimeProvider time = new();
        InMemoryBudgetLedger ledger = Ledger(time);
        BudgetReservation held = await ReserveAsync(ledger, 2m);
        await ledger.MarkSentAsync(held, default);
        await Task.WhenAll(
        [
            Task.Run(() => time.Advance(TimeSpan.FromMinutes(2))),
            Task.Run(async () => await ledger.SettleAsync(held, new BudgetAmount(1m, 0), default)),
            Task.Run(async () => await ledger.GetUsageAsync([Tenant], default)),
        ]);
        BudgetUsage usage = (await ledger.GetUsageAsync([Tenant], default))[0];
        Specification.Assert((usage.Used, usage.Held) == (1m, 0m), $"used {usage.Used}, held {usage.Held}");
    });

    private static async Task RaceAsync(IBudgetLedger ledger)
    {
        async Task SpendAsync(BudgetLimit[] limits, decimal reserved, decimal spent)
        {
            try
            {
                BudgetReservation held = await ledger.ReserveAsync(Demand(limits, reserved), default);
                await CheckAsync(ledger);
                await ledger.SettleAsync(held, new BudgetAmount(spent, 0), default);
            }
            catch (BudgetExceededException)
            {
                // What can't be paid isn't.
            }

            await CheckAsync(ledger);
        }

        // In both orders, so that locks taken as demanded would wait for each other.
        await Task.WhenAll(
        [
            Task.Run(() => SpendAsync([Tenant, Everybody], 3m, 2m)),
            Task.Run(() => SpendAsync([Everybody, Tenant], 2m, 2m)),
            Task.Run(() => SpendAsync([Everybody], 2m, 1m)),
        ]);
        IReadOnlyList<BudgetUsage> all = await ledger.GetUsageAsync([Tenant, Everybody], default);
        Specification.Assert(all.All(usage => usage.Held == 0), "something is held for a call that has ended");
        Specification.Assert(all[1].Used is 2 or 3 or 4 or 5 && all[0].Used <= all[1].Used, $"used {all[0].Used} and {all[1].Used}");
    }

    private static async Task CheckAsync(IBudgetLedger ledger)
    {
        foreach (BudgetUsage usage in await ledger.GetUsageAsync([Tenant, Everybody], default))
        {
            Specification.Assert(usage.Used + usage.Held <= usage.Limit.Amount, $"{usage.Limit}: used {usage.Used}, held {usage.Held}");
        }
    }

    private static async Task SettleTwiceAsync(IBudgetLedger ledger)
    {
        BudgetReservation held = await ReserveAsync(ledger, 2m);
        await Task.WhenAll(
        [
            Task.Run(async () => await ledger.SettleAsync(held, new BudgetAmount(1m, 0), default)),
            Task.Run(async () => await ledger.SettleAsync(held, new BudgetAmount(1m, 0), default)),
        ]);
        BudgetUsage usage = (await ledger.GetUsageAsync([Tenant], default))[0];
        Specification.Assert((usage.Used, usage.Held) == (1m, 0m), $"used {usage.Used}, held {usage.Held}");
    }

    private static ValueTask<BudgetReservation> ReserveAsync(IBudgetLedger ledger, decimal usd) => ledger.ReserveAsync(Demand([Tenant], usd), default);

    private static BudgetDemand Demand(BudgetLimit[] limits, decimal usd) => new(limits, [new BudgetChoice(new BudgetAmount(usd, 0))], TimeSpan.FromMinutes(1));

    private static InMemoryBudgetLedger Ledger(TimeProvider time) => new(time, new BudgetObservers([], NullLogger<BudgetObservers>.Instance));
}
