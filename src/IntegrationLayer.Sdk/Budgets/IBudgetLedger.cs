namespace IntegrationLayer.Sdk.Budgets;

/// <summary>Counts what was used and what is held back. Replace it to share budgets among processes in a store of your own.</summary>
/// <remarks>
/// For every limit, what was used and what is held back together never exceed the limit, whoever asks at the same time; only a call that used more than it
/// was granted can. A reservation that nobody settles in its time expires: it is charged whole if its call went out, and released if it didn't.
/// </remarks>
public interface IBudgetLedger
{
    /// <summary>Holds back the first of several choices that every limit can pay, against all the limits at once or none.</summary>
    /// <param name="demand">The limits and the choices.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The reservation. It must be settled.</returns>
    /// <exception cref="BudgetExceededException">No choice fits. Nothing is held back.</exception>
    /// <exception cref="BudgetUnavailableException">The ledger can't say whether a choice fits. Nothing is held back.</exception>
    ValueTask<BudgetReservation> ReserveAsync(BudgetDemand demand, CancellationToken cancellationToken);

    /// <summary>Settles a reservation and holds back for another try of the same request, without a gap in which others could take what was held.</summary>
    /// <param name="reservation">The reservation to settle; it is settled whether or not the other one is granted.</param>
    /// <param name="spent">What its call used.</param>
    /// <param name="demand">The limits and the choices of the other try.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The new reservation. It must be settled.</returns>
    /// <exception cref="BudgetExceededException">No choice fits. Nothing is held back.</exception>
    /// <exception cref="BudgetUnavailableException">The ledger can't say whether a choice fits. Nothing is held back.</exception>
    ValueTask<BudgetReservation> ReplaceAsync(BudgetReservation reservation, BudgetAmount spent, BudgetDemand demand, CancellationToken cancellationToken);

    /// <summary>Notes that the call goes out now: from here on, what is held is charged if nobody settles it.</summary>
    /// <param name="reservation">The reservation.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>A task that ends when it is noted; only then may the call go out.</returns>
    /// <exception cref="BudgetUnavailableException">It can't be noted, or the reservation holds nothing any more. The call must not go out.</exception>
    ValueTask MarkSentAsync(BudgetReservation reservation, CancellationToken cancellationToken);

    /// <summary>Replaces a reservation by what was used; <see cref="BudgetAmount.None"/> releases it. Settling twice has no effect; settling after it expired corrects the charge.</summary>
    /// <param name="reservation">The reservation.</param>
    /// <param name="spent">What was used. Unknown US dollars are charged as they were granted.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>A task that ends when it is settled.</returns>
    ValueTask SettleAsync(BudgetReservation reservation, BudgetAmount spent, CancellationToken cancellationToken);

    /// <summary>Gets how much of some limits is used.</summary>
    /// <param name="limits">The limits.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The usage of each, in their order.</returns>
    /// <exception cref="BudgetUnavailableException">The ledger can't say.</exception>
    ValueTask<IReadOnlyList<BudgetUsage>> GetUsageAsync(IReadOnlyList<BudgetLimit> limits, CancellationToken cancellationToken);
}
