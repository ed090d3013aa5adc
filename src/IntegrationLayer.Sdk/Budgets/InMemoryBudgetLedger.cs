using System.Globalization;

namespace IntegrationLayer.Sdk.Budgets;

/// <summary>Counts in this process only: several processes that spend one budget need a shared ledger.</summary>
internal sealed class InMemoryBudgetLedger(TimeProvider timeProvider) : IBudgetLedger
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(BudgetScope Scope, TimeSpan Period), Tally> _tallies = [];
    private readonly Dictionary<string, Hold> _holds = [];
    private long _lastId;
    private int _pruneAt = 1_024;

    /// <summary>Gets how many scopes are counted, each period of one by itself.</summary>
    internal int Scopes => _tallies.Count;

    public ValueTask<BudgetReservation> ReserveAsync(
        IReadOnlyList<BudgetLimit> limits, IReadOnlyList<decimal> amountsUsd, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            long now = timeProvider.GetUtcNow().Ticks;
            var tallies = new Tally[limits.Count];
            (BudgetLimit tightest, decimal remaining) = (limits[0], decimal.MaxValue);
            for (int i = 0; i < tallies.Length; i++)
            {
                tallies[i] = TallyOf(limits[i], now);
                decimal left = limits[i].AmountUsd - tallies[i].At(now);
                (tightest, remaining) = left < remaining ? (limits[i], left) : (tightest, remaining);
            }

            for (int choice = 0; choice < amountsUsd.Count; choice++)
            {
                decimal amount = amountsUsd[choice];
                if (amount <= remaining && amount < decimal.MaxValue)
                {
                    string id = (++_lastId).ToString(CultureInfo.InvariantCulture);
                    var hold = new Hold(amount, HasRepetition(tallies) ? [.. tallies.Distinct()] : tallies, now);
                    hold.Add(amount);
                    _holds.Add(id, hold);
                    return new(new BudgetReservation(id, choice, amount));
                }
            }

            decimal least = amountsUsd.Min();
            string needed = least == decimal.MaxValue ? "an amount that nobody knows, for want of a price" : string.Create(CultureInfo.InvariantCulture, $"at least {least} USD");
            TimeSpan renewal = new(tightest.Period.Ticks - (now % tightest.Period.Ticks));
            throw new BudgetExceededException(string.Create(
                CultureInfo.InvariantCulture,
                $"The budget '{tightest.Scope}' of {tightest.AmountUsd} USD has {remaining} USD left; the request needs {needed}. It is renewed in {renewal:g}."))
            {
                RetryAfter = renewal,
            };
        }
    }

    public ValueTask SettleAsync(BudgetReservation reservation, decimal spentUsd, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_holds.Remove(reservation.Id, out Hold? hold))
            {
                hold.Add(spentUsd - hold.Usd);
            }
        }

        return ValueTask.CompletedTask;
    }

    private Tally TallyOf(BudgetLimit limit, long now)
    {
        if (limit.Period <= TimeSpan.Zero)
        {
            throw new ArgumentException($"The budget '{limit.Scope}' has a period of {limit.Period}. Give it one over zero.", nameof(limit));
        }

        if (!_tallies.TryGetValue((limit.Scope, limit.Period), out Tally? tally))
        {
            Prune(now);
            _tallies.Add((limit.Scope, limit.Period), tally = new Tally(limit.Period.Ticks));
        }

        return tally;
    }

    // There are a handful of them, so that comparing each with each costs less than a set.
    private static bool HasRepetition(Tally[] tallies)
    {
        for (int i = 1; i < tallies.Length; i++)
        {
            if (tallies.AsSpan(0, i).Contains(tallies[i]))
            {
                return true;
            }
        }

        return false;
    }

    // Scopes may be as many as users. A window that is past counts no more, whatever is still to be settled in it.
    private void Prune(long now)
    {
        if (_tallies.Count < _pruneAt)
        {
            return;
        }

        foreach ((BudgetScope, TimeSpan) key in _tallies.Where(t => t.Value.IsPast(now)).Select(t => t.Key).ToArray())
        {
            _tallies.Remove(key);
        }

        _pruneAt = Math.Max(1_024, 2 * _tallies.Count);
    }

    /// <summary>What a scope has spent or held back in the current window of a period; past windows no longer matter.</summary>
    private sealed class Tally(long periodTicks)
    {
        private long _window;
        private decimal _usd;

        public decimal At(long ticks) => _window == ticks / periodTicks ? _usd : 0m;

        public bool IsPast(long ticks) => _window < ticks / periodTicks;

        public void Add(decimal usd, long ticks)
        {
            long window = ticks / periodTicks;
            if (window > _window)
            {
                (_window, _usd) = (window, 0m);
            }

            _usd += window == _window ? usd : 0m;
        }
    }

    /// <summary>An open reservation, which counts in the windows of the moment it was made.</summary>
    private sealed class Hold(decimal usd, Tally[] tallies, long ticks)
    {
        public decimal Usd => usd;

        public void Add(decimal amount)
        {
            foreach (Tally tally in tallies)
            {
                tally.Add(amount, ticks);
            }
        }
    }
}
