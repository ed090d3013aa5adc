using System.Globalization;

namespace IntegrationLayer.Sdk.Budgets;

/// <summary>Counts in this process only: several processes that spend one budget need a shared ledger.</summary>
internal sealed class InMemoryBudgetLedger(TimeProvider timeProvider) : IBudgetLedger
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(BudgetScope Scope, TimeSpan Period), (long Window, decimal Usd)> _spent = [];
    private readonly Dictionary<string, (decimal Usd, (BudgetScope, TimeSpan, long)[] Windows)> _open = [];
    private long _lastId;

    public ValueTask<BudgetReservation> ReserveAsync(
        IReadOnlyList<BudgetLimit> limits, IReadOnlyList<decimal> amountsUsd, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            BudgetLimit tightest = limits.MinBy(Remaining)!;
            decimal remaining = Remaining(tightest);
            for (int choice = 0; choice < amountsUsd.Count; choice++)
            {
                if (amountsUsd[choice] <= remaining)
                {
                    string id = (++_lastId).ToString(CultureInfo.InvariantCulture);
                    (BudgetScope, TimeSpan, long)[] windows = [.. limits.Select(l => (l.Scope, l.Period, WindowOf(l.Period)))];
                    Spend(windows, amountsUsd[choice]);
                    _open.Add(id, (amountsUsd[choice], windows));
                    return new(new BudgetReservation(id, choice, amountsUsd[choice]));
                }
            }

            TimeSpan renewal = new(tightest.Period.Ticks - (timeProvider.GetUtcNow().Ticks % tightest.Period.Ticks));
            throw new BudgetExceededException(string.Create(
                CultureInfo.InvariantCulture,
                $"The budget '{tightest.Scope}' of {tightest.AmountUsd} USD has {remaining} USD left; the request needs at least {amountsUsd.Min()} USD. It is renewed in {renewal:g}."))
            {
                RetryAfter = renewal,
            };
        }
    }

    public ValueTask SettleAsync(BudgetReservation reservation, decimal spentUsd, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_open.Remove(reservation.Id, out var open))
            {
                Spend(open.Windows, spentUsd - open.Usd);
            }
        }

        return ValueTask.CompletedTask;
    }

    private decimal Remaining(BudgetLimit limit) =>
        _spent.TryGetValue((limit.Scope, limit.Period), out var spent) && spent.Window == WindowOf(limit.Period)
            ? limit.AmountUsd - spent.Usd
            : limit.AmountUsd;

    // Only the current window of a scope is kept; what is settled for a past one no longer matters.
    private void Spend((BudgetScope Scope, TimeSpan Period, long Window)[] windows, decimal usd)
    {
        foreach ((BudgetScope scope, TimeSpan period, long window) in windows)
        {
            (long current, decimal sum) = _spent.GetValueOrDefault((scope, period), (window, 0m));
            if (current <= window)
            {
                _spent[(scope, period)] = (window, current == window ? sum + usd : usd);
            }
        }
    }

    private long WindowOf(TimeSpan period) => timeProvider.GetUtcNow().Ticks / period.Ticks;
}
