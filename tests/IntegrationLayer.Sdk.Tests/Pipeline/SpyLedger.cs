using IntegrationLayer.Sdk.Budgets;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

internal sealed class SpyLedger : IBudgetLedger
{
    private int _lastId;

    public List<IReadOnlyList<decimal>> Asked { get; } = [];

    public List<(string Id, decimal Usd)> Settled { get; } = [];

    public Exception? FailSettle { get; set; }

    public int Choice { get; set; }

    public ValueTask<BudgetReservation> ReserveAsync(IReadOnlyList<BudgetLimit> limits, IReadOnlyList<decimal> amountsUsd, CancellationToken cancellationToken)
    {
        Asked.Add(amountsUsd);
        return new(new BudgetReservation($"r{++_lastId}", Choice, amountsUsd[Choice]));
    }

    public ValueTask SettleAsync(BudgetReservation reservation, decimal spentUsd, CancellationToken cancellationToken)
    {
        Settled.Add((reservation.Id, spentUsd));
        return FailSettle is null ? default : throw FailSettle;
    }
}
