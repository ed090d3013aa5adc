using IntegrationLayer.Sdk.Budgets;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>Takes leases, renews them, tells Redis what was used, and gives back what others need. No request waits for it.</summary>
internal sealed partial class LeaseKeeper(LeaseBook book, RedisBudgetParts parts, Func<Replacement, ValueTask> settle, string instance, ILogger<LeaseKeeper> logger) : IAsyncDisposable
{
    // A script of more would keep others waiting.
    private const int Batch = 64;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly object _gate = new();
    private TaskCompletionSource _wanted = NewSignal();
    private Task? _running;
    private bool _isDisposed;
    private bool _hasFailed;

    /// <summary>Gets a value indicating whether nothing happens by itself; only tests set it.</summary>
    public bool IsManual { get; init; }

    /// <summary>Begins to look after what this process spends.</summary>
    public void Begin()
    {
        if (Volatile.Read(ref _running) is not null || IsManual)
        {
            return;
        }

        lock (_gate)
        {
            if (!_isDisposed)
            {
                _running ??= Task.Run(RunAsync);
            }
        }
    }

    /// <summary>Has leases taken, or more of them, at once.</summary>
    public void Want()
    {
        lock (_gate)
        {
            _wanted.TrySetResult();
        }
    }

    /// <summary>Does once what happens at every interval.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            book.Look(parts.Clock.Now);
            await RenewAsync(static _ => true, isRecall: false, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gives back what lies idle of some windows, and asks others to do so.</summary>
    /// <returns>Whether this process gave anything back, and whether others have something to give.</returns>
    public async ValueTask<(bool HasGiven, bool HaveOthers)> RecallAsync(IReadOnlyList<CountedWindow> windows, CancellationToken cancellationToken)
    {
        HashSet<string> names = [.. windows.Select(static w => (string)w.Window.Counts!)];
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            book.Tighten(names);
            bool haveOthers = false;
            foreach (IReadOnlyList<CountedWindow> partition in await parts.SplitAsync(windows).ConfigureAwait(false))
            {
                haveOthers |= await parts.Store.RecallAsync(instance, book.Duration, partition, cancellationToken).ConfigureAwait(false);
            }

            return (await RenewAsync(account => names.Contains(account.Name), isRecall: true, cancellationToken).ConfigureAwait(false), haveOthers);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Runs something while no message is under way.</summary>
    public async ValueTask<T> BetweenAsync<T>(Func<ValueTask<T>> read, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await read().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Settles leases that wait for nothing else.</summary>
    public async ValueTask SettleAsync()
    {
        foreach (Lease lease in book.TakeOver())
        {
            await settle(SettlementOf(lease)).ConfigureAwait(false);
        }
    }

    /// <summary>Gives everything back, but for what is held for calls under way.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await (_running ?? Task.CompletedTask).ConfigureAwait(false);
        await TryAsync(async () =>
        {
            await RenewAsync(static _ => true, isRecall: true, CancellationToken.None).ConfigureAwait(false);
            book.CloseAll();
            await SettleAsync().ConfigureAwait(false);
        }).ConfigureAwait(false);
        _stop.Dispose();
        _turn.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Replacement SettlementOf(Lease lease)
    {
        CountedWindow window = lease.Account.Window;
        long used = Math.Max(0, lease.Spent);
        BudgetAmount spent = window.Unit switch
        {
            BudgetUnit.Usd => new(BudgetAmount.FromNanoUsd(used), 0, 0),
            BudgetUnit.Tokens => new(0, used, 0),
            _ => new(0, 0, (int)Math.Min(used, int.MaxValue)),
        };

        // One that Redis never confirmed may still come into being there: this keeps it from doing so.
        return new Replacement(new RedisHold(lease.Id, [window]), spent, lease.Unconfirmed is null ? SettleTry.First : SettleTry.Repeated);
    }

    private async Task RunAsync()
    {
        long looked = parts.TimeProvider.GetTimestamp();
        while (!_stop.IsCancellationRequested)
        {
            Task wanted = _wanted.Task;
            using (CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
            {
                TimeSpan left = book.Tuning.Interval - parts.TimeProvider.GetElapsedTime(looked);
                await Task.WhenAny(wanted, Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, parts.TimeProvider, over.Token)).ConfigureAwait(false);
                await over.CancelAsync().ConfigureAwait(false);
            }

            if (wanted.IsCompleted)
            {
                lock (_gate)
                {
                    _wanted = NewSignal();
                }
            }

            bool isTime = parts.TimeProvider.GetElapsedTime(looked) >= book.Tuning.Interval;
            looked = isTime ? parts.TimeProvider.GetTimestamp() : looked;
            await TryAsync(() => OnceAsync(isTime)).ConfigureAwait(false);
        }
    }

    private async Task OnceAsync(bool isTime)
    {
        if (isTime)
        {
            await RenewAsync(_stop.Token).ConfigureAwait(false);
            await SettleAsync().ConfigureAwait(false);
            return;
        }

        await BetweenAsync(() => RenewAsync(static account => account.IsWanting, isRecall: false, _stop.Token), _stop.Token).ConfigureAwait(false);
    }

    // What fails again and again is told once.
    private async Task TryAsync(Func<Task> step)
    {
        try
        {
            await step().ConfigureAwait(false);
            _hasFailed = false;
        }
        catch (OperationCanceledException)
        {
            // The ledger is being disposed.
        }
        catch (Exception e)
        {
            if (!_hasFailed)
            {
                LogFailed(e);
            }

            _hasFailed = true;
        }
    }

    // Tells whether anything was given back.
    private async ValueTask<bool> RenewAsync(Func<LeaseAccount, bool> which, bool isRecall, CancellationToken cancellationToken)
    {
        List<LeaseMessage> messages = book.Write(which, isRecall);
        HashSet<LeaseAccount> needed = [];
        bool hasGiven = false;
        foreach (LeaseMessage[] batch in Split(messages, await parts.IsClusterAsync().ConfigureAwait(false)))
        {
            hasGiven |= await SendAsync(batch, needed, cancellationToken).ConfigureAwait(false);
        }

        if (needed.Count > 0 && !isRecall)
        {
            await RenewAsync(needed.Contains, isRecall: true, cancellationToken).ConfigureAwait(false);
        }

        return hasGiven;
    }

    private static IEnumerable<LeaseMessage[]> Split(List<LeaseMessage> messages, bool isCluster) => isCluster
        ? messages.GroupBy(static m => m.Window.Window.Counter.Partition, StringComparer.Ordinal).SelectMany(static g => g.Chunk(Batch))
        : messages.Chunk(Batch);

    private async ValueTask<bool> SendAsync(LeaseMessage[] batch, HashSet<LeaseAccount> needed, CancellationToken cancellationToken)
    {
        long sentAt = parts.TimeProvider.GetTimestamp();
        (LeaseReply[] Replies, List<(int, long)> Expired) answer;
        try
        {
            answer = await parts.Store.RenewAsync(batch, book.Duration, book.Tuning, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisUnavailableException)
        {
            // The messages are repeated; what was leased before may be spent meanwhile.
            return false;
        }
        catch (RedisServerException e) when (e.Kind is RedisErrorKind.WrongType)
        {
            await parts.Recovery.QuarantineAsync(batch.Select(static m => m.Window.Window), areUnreadable: false, cancellationToken).ConfigureAwait(false);
            return false;
        }

        parts.Events.ReportExpired(answer.Expired, [.. batch.Select(static m => m.Window)]);
        bool hasGiven = false;
        for (int i = 0; i < batch.Length; i++)
        {
            long before = batch[i].Lease.Confirmed;
            LeaseReply reply = answer.Replies[i];
            if (book.Take(batch[i], reply, sentAt))
            {
                needed.Add(batch[i].Lease.Account);
            }

            hasGiven |= reply.Code is ReserveCode.Granted && reply.Held + batch[i].Used < before;
            await FollowUpAsync(batch[i].Window, reply, cancellationToken).ConfigureAwait(false);
        }

        return hasGiven;
    }

    private async ValueTask FollowUpAsync(CountedWindow window, LeaseReply reply, CancellationToken cancellationToken)
    {
        if (reply.Used.After > reply.Used.Before)
        {
            await parts.Events.ReportThresholdsAsync(window, reply.Used.Before, reply.Used.After).ConfigureAwait(false);
        }

        if (reply.Code is ReserveCode.UnknownPartition or ReserveCode.UnknownCounter or ReserveCode.Unreadable)
        {
            try
            {
                await parts.Recovery.RecoverAsync(reply.Code, window.Window, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is BudgetUnavailableException or RedisUnavailableException)
            {
                // Requests that ask Redis are told so.
            }
        }
    }

    [LoggerMessage(1330, LogLevel.Error, "Leases of budgets could not be renewed; they are tried again.")]
    private partial void LogFailed(Exception exception);
}
