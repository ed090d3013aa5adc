using System.Collections.Concurrent;
using IntegrationLayer.Sdk.Budgets;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

/// <summary>A ledger that counts how often each reservation is settled, and with how much.</summary>
internal sealed class CountingLedger(IBudgetLedger inner) : IBudgetLedger
{
    private readonly ConcurrentDictionary<long, List<decimal>> _settled = new();
    private readonly ConcurrentDictionary<long, bool> _sent = new();

    /// <summary>Each reservation's settlements, in US dollars.</summary>
    public IReadOnlyDictionary<long, List<decimal>> Settled => _settled;

    public ICollection<long> Sent => _sent.Keys;

    /// <summary>How many are not settled yet.</summary>
    public int Open => _settled.Values.Count(s => s.Count == 0);

    public Func<BudgetDemand, Task> OnReserve { get; set; } = _ => Task.CompletedTask;

    public async ValueTask<BudgetReservation> ReserveAsync(BudgetDemand demand, CancellationToken cancellationToken)
    {
        await OnReserve(demand);
        BudgetReservation reservation = await inner.ReserveAsync(demand, cancellationToken);
        _settled[reservation.Id] = [];
        return reservation;
    }

    public ValueTask<BudgetReservation> ReplaceAsync(BudgetReservation reservation, BudgetAmount spent, BudgetDemand demand, CancellationToken cancellationToken) =>
        inner.ReplaceAsync(reservation, spent, demand, cancellationToken);

    public ValueTask MarkSentAsync(BudgetReservation reservation, CancellationToken cancellationToken)
    {
        _sent[reservation.Id] = true;
        return inner.MarkSentAsync(reservation, cancellationToken);
    }

    public async ValueTask SettleAsync(BudgetReservation reservation, BudgetAmount spent, CancellationToken cancellationToken)
    {
        await inner.SettleAsync(reservation, spent, cancellationToken);
        List<decimal> all = _settled[reservation.Id];
        lock (all)
        {
            all.Add(spent.Usd ?? 0);
        }
    }

    public ValueTask<IReadOnlyList<BudgetUsage>> GetUsageAsync(IReadOnlyList<BudgetLimit> limits, CancellationToken cancellationToken) => inner.GetUsageAsync(limits, cancellationToken);
}
