using BenchmarkDotNet.Attributes;
using IntegrationLayer.Sdk.Budgets;
using Microsoft.Extensions.Logging.Abstractions;

namespace IntegrationLayer.Sdk.Benchmarks;

/// <summary>One request's way through the ledger in memory: reserve against its limits, mark as sent, settle. Goal for four limits: at most 500 ns, nothing allocated.</summary>
[MemoryDiagnoser]
public class LedgerBenchmarks
{
    private readonly InMemoryBudgetLedger _ledger = new(TimeProvider.System, new BudgetObservers([], NullLogger<BudgetObservers>.Instance));
    private BudgetDemand _demand;

    /// <summary>How many limits cover the request.</summary>
    [Params(1, 4)]
    public int Limits { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        BudgetLimit[] all =
        [
            new(new BudgetScope(BudgetScopeKind.Organization, "all"), 1_000_000, BudgetWindow.Month()),
            new(new BudgetScope(BudgetScopeKind.Tenant, "acme"), 1_000_000, BudgetWindow.Month()),
            new(new BudgetScope(BudgetScopeKind.Team, "billing", "acme"), 1_000_000, BudgetWindow.Week()),
            new(new BudgetScope(BudgetScopeKind.User, "jo", "acme"), 1_000_000, BudgetWindow.Day()),
        ];
        _demand = new(all[..Limits], [new BudgetChoice(new BudgetAmount(0.002m, 2_000))], TimeSpan.FromMinutes(3));
    }

    [Benchmark]
    public async ValueTask<BudgetReservation> ReserveAndSettle()
    {
        BudgetReservation reservation = await _ledger.ReserveAsync(_demand, CancellationToken.None);
        await _ledger.SettleAsync(reservation, new BudgetAmount(0.001m, 1_200), CancellationToken.None);
        return reservation;
    }

    [Benchmark]
    public async ValueTask<BudgetReservation> ReserveMarkAndSettle()
    {
        BudgetReservation reservation = await _ledger.ReserveAsync(_demand, CancellationToken.None);
        await _ledger.MarkSentAsync(reservation, CancellationToken.None);
        await _ledger.SettleAsync(reservation, new BudgetAmount(0.001m, 1_200), CancellationToken.None);
        return reservation;
    }
}
