using IntegrationLayer.Sdk.Budgets;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

internal sealed class SpyLedger : IBudgetLedger
{
    private int _lastId;

    public List<IReadOnlyList<decimal>> Asked { get; } = [];

    public List<(string Id, decimal Usd)> Settled { get; } = [];

    public Exception? FailSettle { get; set; }

    public int Choice { get; set; }

    /// <summary>Runs within each reservation.</summary>
    public Func<CancellationToken, Task> OnReserve { get; set; } = _ => Task.CompletedTask;

    public async ValueTask<BudgetReservation> ReserveAsync(IReadOnlyList<BudgetLimit> limits, IReadOnlyList<decimal> amountsUsd, CancellationToken cancellationToken)
    {
        Asked.Add(amountsUsd);
        await OnReserve(cancellationToken);
        return new BudgetReservation($"r{++_lastId}", Choice, amountsUsd[Choice]);
    }

    public ValueTask SettleAsync(BudgetReservation reservation, decimal spentUsd, CancellationToken cancellationToken)
    {
        Settled.Add((reservation.Id, spentUsd));
        return FailSettle is null ? default : throw FailSettle;
    }
}
