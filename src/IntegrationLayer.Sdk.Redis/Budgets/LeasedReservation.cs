using IntegrationLayer.Sdk.Budgets;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>Makes reservations out of leases. Called under the lock of the <see cref="LeaseBook"/>.</summary>
internal static class LeasedReservation
{
    /// <summary>Holds back a choice in every account that counts it, if the leases of all have that much.</summary>
    /// <param name="accounts">The accounts, and the position of a limit of each.</param>
    /// <param name="choice">The choice.</param>
    /// <param name="now">A timestamp.</param>
    /// <param name="until">The timestamp at which the reservation expires.</param>
    /// <param name="tuning">When leases are taken.</param>
    /// <param name="isWanting">Set if a lease, or more of one, should be taken.</param>
    /// <returns>The reservation; <see langword="null"/> if Redis must be asked.</returns>
    public static LeasedHold? TryMake(
        ReadOnlySpan<(LeaseAccount Account, int Limit)> accounts, in BudgetChoice choice, long now, long until, LeaseTuning tuning, out bool isWanting)
    {
        BudgetCounts counts = new(choice.Amount);
        (bool isHot, bool fits, int counted) = (true, true, 0);
        foreach ((LeaseAccount account, int limit) in accounts)
        {
            if (choice.CountsAgainst(limit))
            {
                counted++;
                bool hasLease = account.IsLeased(now);
                fits &= hasLease && account.Affords(counts.In(account.Window.Unit));
                isHot &= hasLease || account.Asked + 1 >= tuning.Hot;
            }
        }

        LeasedHold? hold = fits && counted > 0 ? new LeasedHold(new (Lease, long)[counted], until) { Granted = choice.Amount } : null;
        isWanting = false;
        foreach ((LeaseAccount account, int limit) in accounts)
        {
            if (!choice.CountsAgainst(limit))
            {
                continue;
            }

            long count = counts.In(account.Window.Unit, otherwise: 0);
            account.Taken(count, isAsked: hold is null);
            if (hold is not null)
            {
                account.Lease!.Held += count;
                hold.Entries[^counted--] = (account.Lease, count);
            }

            isWanting |= (hold is not null || isHot) && account.TryWant(now);
        }

        return hold;
    }
}
