using IntegrationLayer.Sdk.Budgets;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

internal sealed class SpyLedger : IBudgetLedger
{
    private int _lastId;

    public List<BudgetDemand> Demands { get; } = [];

    /// <summary>The amounts asked for, in US dollars.</summary>
    public IEnumerable<decimal[]> Asked => Demands.Select(d => d.Choices.Select(c => c.Amount.Usd ?? decimal.MaxValue).ToArray());

    public List<(long Id, decimal Usd)> Settled { get; } = [];

    public List<BudgetAmount> Spent { get; } = [];

    public List<long> Sent { get; } = [];

    public Exception? FailSettle { get; set; }

    public int Choice { get; set; }

    /// <summary>Runs within each reservation.</summary>
    public Func<CancellationToken, Task> OnReserve { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs before a call goes out.</summary>
    public Func<CancellationToken, Task> OnSent { get; set; } = _ => Task.CompletedTask;

    public async ValueTask<BudgetReservation> ReserveAsync(BudgetDemand demand, CancellationToken cancellationToken)
    {
        Demands.Add(demand);
        await OnReserve(cancellationToken);
        return new BudgetReservation(++_lastId, Choice, demand.Choices[Choice].Amount);
    }

    public async ValueTask<BudgetReservation> ReplaceAsync(BudgetReservation reservation, BudgetAmount spent, BudgetDemand demand, CancellationToken cancellationToken)
    {
        await SettleAsync(reservation, spent, cancellationToken);
        return await ReserveAsync(demand, cancellationToken);
    }

    public async ValueTask MarkSentAsync(BudgetReservation reservation, CancellationToken cancellationToken)
    {
        await OnSent(cancellationToken);
        Sent.Add(reservation.Id);
    }

    public ValueTask SettleAsync(BudgetReservation reservation, BudgetAmount spent, CancellationToken cancellationToken)
    {
        Settled.Add((reservation.Id, spent.Usd!.Value));
        Spent.Add(spent);
        return FailSettle is null ? default : throw FailSettle;
    }

    public ValueTask<IReadOnlyList<BudgetUsage>> GetUsageAsync(IReadOnlyList<BudgetLimit> limits, CancellationToken cancellationToken) => throw new NotSupportedException();
}
