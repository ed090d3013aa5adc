using IntegrationLayer.Sdk.Budgets;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>Reserves out of parts of the budgets that this process has leased, and asks Redis where it has none, or not enough.</summary>
/// <remarks>
/// Only a request whose limits are all busy is served by leases: otherwise it must go to Redis anyway. Where Redis denies a request, or grants it a worse choice than its
/// first, what lies idle in leases is called back, here and elsewhere, and Redis is asked again.
/// </remarks>
internal sealed class LeasingBudgetLedger : IBudgetLedger, IAsyncDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(160);

    private const double Patience = 2.5;

    private readonly RedisBudgetParts _parts;
    private readonly RedisBudgetLedger _ledger;
    private long _last;

    public LeasingBudgetLedger(RedisBudgetParts parts, LeaseTuning tuning, bool isManual = false)
    {
        _parts = parts;
        _ledger = new RedisBudgetLedger(parts);
        Book = new LeaseBook(parts.TimeProvider, _ledger.Instance)
        {
            Tuning = tuning,
            Duration = parts.LeaseDuration,
            Expired = (account, charged) => parts.Events.ReportExpired([(0, charged)], [account.Window]),
        };
        Keeper = new LeaseKeeper(Book, parts, _ledger.SettleOrWaitAsync, _ledger.Instance, parts.CreateLogger<LeaseKeeper>()) { IsManual = isManual };
    }

    internal LeaseBook Book { get; }

    internal LeaseKeeper Keeper { get; }

    public ValueTask<BudgetReservation> ReserveAsync(BudgetDemand demand, CancellationToken cancellationToken)
    {
        demand.Check();
        return TryReserve(demand, replaced: null, default) is { } granted ? new(granted) : AskAsync(demand, replaced: null, default, cancellationToken);
    }

    public ValueTask<BudgetReservation> ReplaceAsync(BudgetReservation reservation, BudgetAmount spent, BudgetDemand demand, CancellationToken cancellationToken)
    {
        demand.Check();
        if (reservation.State is not LeasedHold hold)
        {
            return AskAsync(demand, reservation, spent, cancellationToken);
        }

        return TryReserve(demand, hold, spent) is { } granted ? new(granted) : AskAsync(demand, replaced: null, default, cancellationToken);
    }

    public ValueTask MarkSentAsync(BudgetReservation reservation, CancellationToken cancellationToken) =>
        reservation.State is not LeasedHold hold ? _ledger.MarkSentAsync(reservation, cancellationToken)
        : Book.MarkSent(hold) ? ValueTask.CompletedTask
        : ValueTask.FromException(new BudgetUnavailableException("The reservation expired or was settled before its call went out, so nothing is held back for it. Reserve again."));

    public ValueTask SettleAsync(BudgetReservation reservation, BudgetAmount spent, CancellationToken cancellationToken)
    {
        if (reservation.State is not LeasedHold hold)
        {
            return _ledger.SettleAsync(reservation, spent, cancellationToken);
        }

        Book.Settle(hold, spent);
        return ValueTask.CompletedTask;
    }

    /// <summary>Gets how much of some limits is used, with what this process hasn't told Redis yet; what others hold in leases counts as held.</summary>
    public ValueTask<IReadOnlyList<BudgetUsage>> GetUsageAsync(IReadOnlyList<BudgetLimit> limits, CancellationToken cancellationToken) => Keeper.BetweenAsync(
        async ValueTask<IReadOnlyList<BudgetUsage>> () =>
        {
            BudgetUsage[] usage = [.. await _ledger.GetUsageAsync(limits, cancellationToken).ConfigureAwait(false)];
            for (int i = 0; i < usage.Length; i++)
            {
                BudgetLimit limit = usage[i].Limit;
                (long used, long held) = Book.Unreported((string)_parts.Counters.Of(limit).At(_parts.Clock.Now).Counts!);
                usage[i] = usage[i] with { Used = usage[i].Used + limit.AmountOf(used), Held = Math.Max(0, usage[i].Held + limit.AmountOf(held)) };
            }

            return usage;
        },
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Keeper.DisposeAsync().ConfigureAwait(false);
        await _ledger.DisposeAsync().ConfigureAwait(false);
    }

    private BudgetReservation? TryReserve(in BudgetDemand demand, LeasedHold? replaced, in BudgetAmount spent)
    {
        using LeaseAccounts accounts = new(_parts, Book, demand.Limits);
        LeasedHold? hold = Book.TryReserve(accounts.Span, demand, replaced, spent, out bool isWanting);
        Keeper.Begin();
        if (isWanting)
        {
            Keeper.Want();
        }

        return hold is null ? null : new BudgetReservation(Interlocked.Increment(ref _last), 0, hold.Granted) { State = hold };
    }

    private bool AreBare(IReadOnlyList<BudgetLimit> limits)
    {
        using LeaseAccounts accounts = new(_parts, Book, limits);
        return Book.AreBare(accounts.Span);
    }

    private async ValueTask<BudgetReservation> AskAsync(BudgetDemand demand, BudgetReservation? replaced, BudgetAmount spent, CancellationToken cancellationToken)
    {
        long since = _parts.TimeProvider.GetTimestamp();
        bool isLast = false;
        for (TimeSpan pause = ShortestPause; ; pause = pause < LongestPause ? pause * 2 : pause)
        {
            // Only what Redis says after all that lay idle was given back is final.
            isLast |= AreBare(demand.Limits);
            BudgetExceededException? denial = null;
            BudgetReservation granted = default;
            try
            {
                granted = replaced is { } old
                    ? await _ledger.ReplaceAsync(old, spent, demand, cancellationToken).ConfigureAwait(false)
                    : await _ledger.ReserveAsync(demand, cancellationToken).ConfigureAwait(false);
            }
            catch (BudgetExceededException e)
            {
                denial = e;
            }

            replaced = null;
            if (isLast || granted is { IsHeld: true, Choice: 0 } || await RecallAsync(demand, since, pause, cancellationToken).ConfigureAwait(false) is not { } isBare)
            {
                return denial is null ? granted : throw denial;
            }

            isLast = isBare;
            if (granted.IsHeld)
            {
                await _ledger.SettleAsync(granted, BudgetAmount.None, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    // Tells whether nothing lies idle any more, or it is no use waiting for it; null if Redis can't be asked.
    private async ValueTask<bool?> RecallAsync(BudgetDemand demand, long since, TimeSpan pause, CancellationToken cancellationToken)
    {
        List<CountedWindow> windows = _parts.Counters.At(_parts.Clock.Now, demand.Limits);
        long askedAt = _parts.TimeProvider.GetTimestamp();
        try
        {
            (bool hasGiven, bool haveOthers) = await Keeper.RecallAsync(windows, cancellationToken).ConfigureAwait(false);

            // Others look at every interval whether they are asked for something. One that doesn't is frozen, or dead.
            if (hasGiven || (haveOthers && _parts.TimeProvider.GetElapsedTime(since) < Patience * Book.Tuning.Interval))
            {
                await (hasGiven ? Task.CompletedTask : Task.Delay(pause, _parts.TimeProvider, cancellationToken)).ConfigureAwait(false);
                return false;
            }
        }
        catch (Exception e) when (e is RedisUnavailableException or RedisServerException)
        {
            return null;
        }

        Book.MarkBare(windows, askedAt);
        return true;
    }
}
