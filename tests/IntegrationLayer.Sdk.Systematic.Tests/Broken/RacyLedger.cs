using IntegrationLayer.Sdk.Budgets;

namespace IntegrationLayer.Sdk.Systematic.Tests.Broken;

/// <summary>A ledger with two well-known mistakes: it looks under one lock and counts under another, and forgets a reservation only after settling it.</summary>
internal sealed class RacyLedger : IBudgetLedger
{
    private readonly object _gate = new();
    private readonly Dictionary<BudgetLimit, (decimal Used, decimal Held)> _counters = [];
    private readonly Dictionary<long, (IReadOnlyList<BudgetLimit> Limits, decimal Usd)> _holds = [];
    private long _last;

    public ValueTask<BudgetReservation> ReserveAsync(BudgetDemand demand, CancellationToken cancellationToken)
    {
        decimal usd = demand.Choices[0].Amount.Usd!.Value;
        foreach (BudgetLimit limit in demand.Limits)
        {
            lock (_gate)
            {
                (decimal used, decimal held) = _counters.GetValueOrDefault(limit);
                if (used + held + usd > limit.Amount)
                {
                    throw new BudgetExceededException("no");
                }
            }
        }

        lock (_gate)
        {
            foreach (BudgetLimit limit in demand.Limits)
            {
                (decimal used, decimal held) = _counters.GetValueOrDefault(limit);
                _counters[limit] = (used, held + usd);
            }

            _holds[++_last] = (demand.Limits, usd);
            return new(new BudgetReservation(_last, 0, demand.Choices[0].Amount));
        }
    }

    public ValueTask<BudgetReservation> ReplaceAsync(BudgetReservation reservation, BudgetAmount spent, BudgetDemand demand, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask MarkSentAsync(BudgetReservation reservation, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask SettleAsync(BudgetReservation reservation, BudgetAmount spent, CancellationToken cancellationToken)
    {
        bool isHeld;
        (IReadOnlyList<BudgetLimit> Limits, decimal Usd) hold;
        lock (_gate)
        {
            isHeld = _holds.TryGetValue(reservation.Id, out hold);
        }

        if (isHeld)
        {
            lock (_gate)
            {
                foreach (BudgetLimit limit in hold.Limits)
                {
                    (decimal used, decimal held) = _counters[limit];
                    _counters[limit] = (used + spent.Usd!.Value, held - hold.Usd);
                }

                _holds.Remove(reservation.Id);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<BudgetUsage>> GetUsageAsync(IReadOnlyList<BudgetLimit> limits, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(limits.Select(limit => new BudgetUsage(limit, _counters.GetValueOrDefault(limit).Used, _counters.GetValueOrDefault(limit).Held)).ToArray());
        }
    }
}
