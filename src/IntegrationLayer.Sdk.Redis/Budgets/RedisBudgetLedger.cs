using System.Globalization;
using System.Security.Cryptography;
using IntegrationLayer.Sdk.Budgets;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>Counts in Redis, for all processes together: one script reserves against all limits of a request.</summary>
/// <remarks>In a cluster, a request whose limits lie in several partitions takes a script for each; what one partition granted is released if another one denies.</remarks>
internal sealed class RedisBudgetLedger : IBudgetLedger, IAsyncDisposable
{
    // Each round cures one thing: a window that ended, a partition or a counter that Redis doesn't know.
    private const int MaxRounds = 3 * BudgetDemand.MaxLimits;

    private readonly RedisBudgetParts _parts;
    private readonly RedisSettlements _settlements;
    private long _last;

    public RedisBudgetLedger(RedisBudgetParts parts)
    {
        _parts = parts;
        _settlements = parts.CreateSettlements(SettleAsync);
    }

    /// <summary>Gets what the names of this process's reservations begin with.</summary>
    internal string Instance { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>Gets how many settlements wait for Redis to come back.</summary>
    internal int Waiting => _settlements.Count;

    /// <summary>Gets what completes when Redis has taken every settlement that waited for it.</summary>
    internal Task Settled => _settlements.Done;

    public ValueTask<BudgetReservation> ReserveAsync(BudgetDemand demand, CancellationToken cancellationToken)
    {
        demand.Check();
        return ReserveAsync(demand, replaced: null, cancellationToken);
    }

    public ValueTask<BudgetReservation> ReplaceAsync(BudgetReservation reservation, BudgetAmount spent, BudgetDemand demand, CancellationToken cancellationToken)
    {
        demand.Check();
        return ReplaceHeldAsync(reservation, spent, demand, cancellationToken);
    }

    public async ValueTask MarkSentAsync(BudgetReservation reservation, CancellationToken cancellationToken)
    {
        if (reservation.State is not RedisHold hold || hold.IsUncounted)
        {
            return;
        }

        try
        {
            foreach (IReadOnlyList<CountedWindow> windows in await _parts.SplitAsync(hold.Windows).ConfigureAwait(false))
            {
                if (hold.IsClosed || !await _parts.Store.MarkAsync(hold.Id, windows, cancellationToken).ConfigureAwait(false))
                {
                    throw new BudgetUnavailableException(
                        "The reservation expired, was settled or was lost by Redis before its call went out, so nothing is held back for it. Reserve again.");
                }
            }
        }
        catch (RedisUnavailableException e)
        {
            throw new BudgetUnavailableException($"It can't be noted that the call goes out, so it must not: {e.Message}", e);
        }
    }

    public async ValueTask SettleAsync(BudgetReservation reservation, BudgetAmount spent, CancellationToken cancellationToken)
    {
        if (reservation.State is not RedisHold hold || !hold.TryClose())
        {
            return;
        }

        if (hold.IsUncounted)
        {
            await _parts.Outage.SettleAsync(hold.Allowance, spent).ConfigureAwait(false);
        }

        var settlement = new Replacement(hold, spent.Usd is null ? spent with { Usd = hold.Granted.Usd } : spent, hold.IsUncounted ? SettleTry.Uncounted : SettleTry.First);
        await SettleOrWaitAsync(settlement, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<BudgetUsage>> GetUsageAsync(IReadOnlyList<BudgetLimit> limits, CancellationToken cancellationToken)
    {
        var usage = new BudgetUsage[limits.Count];
        try
        {
            foreach (IReadOnlyList<CountedWindow> windows in await _parts.SplitAsync(_parts.Counters.At(_parts.Clock.Now, limits)).ConfigureAwait(false))
            {
                await ReadAsync([.. windows.SelectMany(static w => w.Limits)], usage, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (RedisUnavailableException e)
        {
            throw new BudgetUnavailableException(e.Message, e);
        }

        return usage;
    }

    public ValueTask DisposeAsync() => _settlements.DisposeAsync();

    /// <summary>Settles in Redis, now or once it is back.</summary>
    internal ValueTask SettleOrWaitAsync(Replacement settlement) => SettleOrWaitAsync(settlement, CancellationToken.None);

    private async ValueTask<BudgetReservation> ReplaceHeldAsync(BudgetReservation reservation, BudgetAmount spent, BudgetDemand demand, CancellationToken cancellationToken)
    {
        if (reservation.State is not RedisHold hold || hold.IsUncounted || !hold.TryClose())
        {
            await SettleAsync(reservation, spent, cancellationToken).ConfigureAwait(false);
            return await ReserveAsync(demand, replaced: null, cancellationToken).ConfigureAwait(false);
        }

        return await ReserveAsync(demand, new Replacement(hold, spent, SettleTry.First), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<BudgetReservation> ReserveAsync(BudgetDemand demand, Replacement? replaced, CancellationToken cancellationToken)
    {
        long number = Interlocked.Increment(ref _last);
        string id = string.Create(CultureInfo.InvariantCulture, $"{Instance}{number:x}");
        try
        {
            return await HoldAsync(number, id, demand, replaced, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisUnavailableException || (e is BudgetUnavailableException && demand.Limits.All(static limit => limit.IsSoft)))
        {
            BudgetReservation granted = await _parts.Outage.ReserveAsync(demand, e, cancellationToken).ConfigureAwait(false);
            return granted with
            {
                State = new RedisHold(id, [.. _parts.Counters.At(_parts.Clock.Now, demand.Limits).Where(w => w.Counts(demand.Choices[granted.Choice]))])
                {
                    Granted = granted.Granted,
                    IsUncounted = true,
                    Allowance = granted,
                },
            };
        }
    }

    private async ValueTask<BudgetReservation> HoldAsync(long number, string id, BudgetDemand demand, Replacement? replaced, CancellationToken cancellationToken)
    {
        for (int round = 0; round < MaxRounds; round++)
        {
            List<CountedWindow> windows = _parts.Counters.At(_parts.Clock.Now, demand.Limits);
            IReadOnlyList<IReadOnlyList<CountedWindow>> partitions = await _parts.SplitAsync(windows).ConfigureAwait(false);
            if (partitions.Count > 1 && replaced is not null)
            {
                await SettleOrWaitAsync(replaced, cancellationToken).ConfigureAwait(false);
                replaced = null;
            }

            int choice = await HoldAsync(id, partitions, demand, replaced, cancellationToken).ConfigureAwait(false);
            replaced = null;
            if (choice >= 0)
            {
                BudgetChoice granted = demand.Choices[choice];
                return new BudgetReservation(number, choice, granted.Amount)
                {
                    State = new RedisHold(id, [.. windows.Where(w => w.Counts(granted))]) { Granted = granted.Amount },
                };
            }
        }

        throw new BudgetUnavailableException("Redis goes on forgetting budgets while they are made known again. See what deletes or evicts its keys.");
    }

    /// <summary>Holds back in all partitions.</summary>
    /// <returns>The choice that all of them grant; negative if it must be tried again, now that something was cured.</returns>
    private async ValueTask<int> HoldAsync(
        string id, IReadOnlyList<IReadOnlyList<CountedWindow>> partitions, BudgetDemand demand, Replacement? replaced, CancellationToken cancellationToken)
    {
        int choice = 0;
        int held = 0;
        bool isComplete = false;
        try
        {
            while (held < partitions.Count)
            {
                int granted = await HoldAsync(id, partitions[held], demand, choice, replaced, cancellationToken).ConfigureAwait(false);
                if (granted < 0)
                {
                    return granted;
                }

                held++;
                if (granted > choice && held > 1)
                {
                    // The partitions before hold a choice that this one can't pay: all begin again with the one it can.
                    await ReleaseAsync(id, partitions.Take(held), cancellationToken).ConfigureAwait(false);
                    held = 0;
                }

                choice = granted;
            }

            isComplete = true;
            return choice;
        }
        finally
        {
            if (!isComplete && held > 0)
            {
                await ReleaseAsync(id, partitions.Take(held), CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<int> HoldAsync(
        string id, IReadOnlyList<CountedWindow> windows, BudgetDemand demand, int firstChoice, Replacement? replaced, CancellationToken cancellationToken)
    {
        ReserveReply reply;
        try
        {
            reply = await _parts.Store.ReserveAsync(id, windows, demand, firstChoice, replaced, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisServerException e) when (e.Kind is RedisErrorKind.WrongType)
        {
            if (replaced is not null)
            {
                _settlements.Add(replaced with { Try = SettleTry.Repeated });
            }

            await _parts.Recovery.QuarantineAsync(windows.Select(static w => w.Window), areUnreadable: false, cancellationToken).ConfigureAwait(false);
            return -1;
        }
        catch (Exception e) when (e is OperationCanceledException or RedisUnavailableException)
        {
            // It may hold what nobody will use, and the old one may be settled or not.
            Abandon(id, windows, replaced, e as RedisUnavailableException);
            throw;
        }

        _parts.Events.ReportExpired(reply.Expired, windows);
        if (replaced is not null)
        {
            await _parts.Events.ReportThresholdsAsync(reply.Settled!, replaced.Hold.Windows).ConfigureAwait(false);
        }

        switch (reply.Code)
        {
            case ReserveCode.Granted:
                return reply.Choice;
            case ReserveCode.Denied:
                throw RedisDenial.Of(reply, windows, demand.Choices, _parts.Clock.Now);
            case ReserveCode.OtherWindow:
                return -1;
            default:
                await _parts.Recovery.RecoverAsync(reply.Code, windows[reply.Window].Window, cancellationToken).ConfigureAwait(false);
                return -1;
        }
    }

    private void Abandon(string id, IReadOnlyList<CountedWindow> windows, Replacement? replaced, RedisUnavailableException? failure)
    {
        if (failure is null or { MayHaveHappened: true })
        {
            _settlements.Add(new Replacement(new RedisHold(id, windows), BudgetAmount.None, SettleTry.Repeated));
        }

        if (replaced is not null)
        {
            _settlements.Add(failure is { MayHaveHappened: false } ? replaced : replaced with { Try = SettleTry.Repeated });
        }
    }

    private async ValueTask ReleaseAsync(string id, IEnumerable<IReadOnlyList<CountedWindow>> partitions, CancellationToken cancellationToken)
    {
        foreach (IReadOnlyList<CountedWindow> windows in partitions)
        {
            await SettleOrWaitAsync(new Replacement(new RedisHold(id, windows), BudgetAmount.None, SettleTry.Repeated), cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask SettleOrWaitAsync(Replacement settlement, CancellationToken cancellationToken)
    {
        try
        {
            await SettleAsync(settlement, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisUnavailableException e)
        {
            _settlements.Add(RedisSettlements.After(settlement, e));
        }
        catch (OperationCanceledException)
        {
            _settlements.Add(settlement with { Try = SettleTry.Repeated });
        }
    }

    private ValueTask SettleAsync(Replacement settlement) => SettleAsync(settlement, CancellationToken.None);

    private async ValueTask SettleAsync(Replacement settlement, CancellationToken cancellationToken)
    {
        foreach (IReadOnlyList<CountedWindow> windows in await _parts.SplitAsync(settlement.Hold.Windows).ConfigureAwait(false))
        {
            RedisResult settled = await _parts.Store.SettleAsync(settlement, windows, cancellationToken).ConfigureAwait(false);
            await _parts.Events.ReportThresholdsAsync(settled, windows).ConfigureAwait(false);
        }
    }

    private async ValueTask ReadAsync((BudgetLimit Limit, int Index)[] limits, BudgetUsage[] usage, CancellationToken cancellationToken)
    {
        for (int round = 0; round < MaxRounds; round++)
        {
            List<CountedWindow> windows = _parts.Counters.At(_parts.Clock.Now, [.. limits.Select(static l => l.Limit)]);
            ReserveReply reply = await _parts.Store.GetUsageAsync(windows, cancellationToken).ConfigureAwait(false);
            _parts.Events.ReportExpired(reply.Expired, windows);
            if (reply.Code is ReserveCode.Granted)
            {
                for (int i = 0; i < windows.Count; i++)
                {
                    (long used, long held, _) = reply.CountsOf(i, isDenial: false);
                    foreach ((BudgetLimit limit, int index) in windows[i].Limits)
                    {
                        usage[limits[index].Index] = RedisDenial.Usage(limit, windows[i].Window, used, held);
                    }
                }

                return;
            }

            if (reply.Code is not ReserveCode.OtherWindow)
            {
                await _parts.Recovery.RecoverAsync(reply.Code, windows[reply.Window].Window, cancellationToken).ConfigureAwait(false);
            }
        }

        throw new BudgetUnavailableException("Redis goes on forgetting budgets while they are made known again. See what deletes or evicts its keys.");
    }
}
