namespace IntegrationLayer.Sdk.Budgets;

/// <summary>Counts what was spent and what is held back.</summary>
public interface IBudgetLedger
{
    /// <summary>Holds back the first of several amounts that every limit can pay, against all the limits at once or none.</summary>
    /// <param name="limits">The limits; at least one.</param>
    /// <param name="amountsUsd">The amounts in US dollars, in order of preference; at least one. <see cref="decimal.MaxValue"/> stands for an unknown one, which no limit can pay.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The reservation. It must be settled.</returns>
    /// <exception cref="BudgetExceededException">No amount fits. Nothing is held back.</exception>
    ValueTask<BudgetReservation> ReserveAsync(IReadOnlyList<BudgetLimit> limits, IReadOnlyList<decimal> amountsUsd, CancellationToken cancellationToken);

    /// <summary>Replaces a reservation by what was spent; zero releases it. Settling twice has no effect.</summary>
    /// <param name="reservation">The reservation.</param>
    /// <param name="spentUsd">What was spent, in US dollars.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>A task that ends when it is settled.</returns>
    ValueTask SettleAsync(BudgetReservation reservation, decimal spentUsd, CancellationToken cancellationToken);
}
