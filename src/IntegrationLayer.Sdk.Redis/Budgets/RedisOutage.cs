using System.Collections.Concurrent;
using IntegrationLayer.Sdk.Budgets;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>Decides on requests while Redis is away, and on those of soft limits also while it has lost their budgets.</summary>
internal sealed class RedisOutage(RedisBudgetOptions options, InMemoryBudgetLedger allowance, RedisBudgetEvents events)
{
    private const int MaxAllowances = 50_000;

    private readonly ConcurrentDictionary<BudgetLimit, BudgetLimit> _allowances = new();

    /// <summary>Lets a request go on uncounted, or denies it.</summary>
    /// <param name="demand">What it asks.</param>
    /// <param name="failure">What is wrong with Redis.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>What was granted, and which limits will have to count it.</returns>
    /// <exception cref="BudgetUnavailableException">A hard limit covers it, and the mode is strict.</exception>
    /// <exception cref="BudgetExceededException">The allowance is used up.</exception>
    public async ValueTask<BudgetReservation> ReserveAsync(BudgetDemand demand, Exception failure, CancellationToken cancellationToken)
    {
        bool isSoft = demand.Limits.All(static limit => limit.IsSoft);
        if (!isSoft && options.Mode is not RedisBudgetMode.Open)
        {
            BudgetLimit hard = demand.Limits.First(static limit => !limit.IsSoft);
            throw new BudgetUnavailableException(
                $"Nobody knows whether the budget '{hard.Scope}' can pay for the request: {failure.Message} It is denied, because the mode is {options.Mode}; {nameof(RedisBudgetMode.Open)} lets it go on within an allowance.", failure);
        }

        BudgetReservation granted = await allowance.ReserveAsync(demand with { Limits = [.. demand.Limits.Select(AllowanceOf)] }, cancellationToken).ConfigureAwait(false);
        foreach (BudgetLimit limit in demand.Limits)
        {
            events.ReportUncounted(limit, granted.Granted);
        }

        return granted;
    }

    /// <summary>Counts what a call used against the allowance.</summary>
    public ValueTask SettleAsync(BudgetReservation granted, BudgetAmount spent) => allowance.SettleAsync(granted, spent, CancellationToken.None);

    // A share of the limit for each process, in the same window.
    private BudgetLimit AllowanceOf(BudgetLimit limit)
    {
        if (_allowances.TryGetValue(limit, out BudgetLimit? known))
        {
            return known;
        }

        if (_allowances.Count >= MaxAllowances)
        {
            _allowances.Clear();
        }

        return _allowances.GetOrAdd(limit, static (l, share) => l with { Amount = l.Amount * share, Thresholds = [] }, options.OpenAllowance);
    }
}
