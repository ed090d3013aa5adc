using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>Settlements that Redis hasn't taken yet, tried again in the background until it does. No request waits for them.</summary>
internal sealed partial class RedisSettlements(
    Func<Replacement, ValueTask> settle, TimeProvider timeProvider, ILogger<RedisSettlements> logger) : IAsyncDisposable
{
    // What doesn't fit is charged in Redis as it was held, once its reservation expires.
    private const int MaxWaiting = 100_000;
    private const int Batch = 64;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastChance = TimeSpan.FromSeconds(2);

    private readonly ConcurrentQueue<Replacement> _waiting = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly object _gate = new();
    private Task _running = Task.CompletedTask;
    private bool _isRunning;
    private bool _isDisposed;

    /// <summary>Gets how many wait.</summary>
    public int Count => _waiting.Count;

    /// <summary>Gets what completes when none waits any more.</summary>
    public Task Done
    {
        get
        {
            lock (_gate)
            {
                return _running;
            }
        }
    }

    /// <summary>Adds one that failed.</summary>
    public void Add(Replacement settlement)
    {
        if (_waiting.Count >= MaxWaiting)
        {
            LogDropped(settlement.Hold.Id);
            return;
        }

        _waiting.Enqueue(settlement);
        lock (_gate)
        {
            if (!_isRunning && !_isDisposed)
            {
                _isRunning = true;
                _running = Task.Run(RunAsync);
            }
        }
    }

    /// <summary>Stops trying, after a last chance for each.</summary>
    public async ValueTask DisposeAsync()
    {
        Task running;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            (running, _isDisposed) = (_running, true);
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        long start = timeProvider.GetTimestamp();
        while (!_waiting.IsEmpty && timeProvider.GetElapsedTime(start) < LastChance && await TryBatchAsync().ConfigureAwait(false))
        {
            // One batch after the other.
        }

        if (!_waiting.IsEmpty)
        {
            LogLeft(_waiting.Count);
        }

        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        TimeSpan pause = ShortestPause;
        while (MayGoOn())
        {
            if (await TryBatchAsync().ConfigureAwait(false))
            {
                pause = ShortestPause;
                continue;
            }

            await Task.Delay(pause, timeProvider, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    // Whoever adds one either comes before this, and it is seen, or after it, and begins anew.
    private bool MayGoOn()
    {
        lock (_gate)
        {
            return _isRunning = !_stop.IsCancellationRequested && !_waiting.IsEmpty;
        }
    }

    // Tries several at once, and tells whether Redis took any.
    private async ValueTask<bool> TryBatchAsync()
    {
        List<Task<Replacement?>> batch = [];
        while (batch.Count < Batch && _waiting.TryDequeue(out Replacement? next))
        {
            batch.Add(TryAsync(next).AsTask());
        }

        bool isTaken = false;
        foreach (Task<Replacement?> attempt in batch)
        {
            if (await attempt.ConfigureAwait(false) is { } again)
            {
                _waiting.Enqueue(again);
            }
            else
            {
                isTaken = true;
            }
        }

        return isTaken;
    }

    // Returns what is to be tried again.
    private async ValueTask<Replacement?> TryAsync(Replacement settlement)
    {
        try
        {
            await settle(settlement).ConfigureAwait(false);
            return null;
        }
        catch (RedisUnavailableException e)
        {
            return After(settlement, e);
        }
        catch (RedisServerException e)
        {
            LogRefused(settlement.Hold.Id, e);
            return null;
        }
    }

    /// <summary>Gets what to try after a failure.</summary>
    public static Replacement After(Replacement settlement, RedisUnavailableException failure) =>
        failure.MayHaveHappened && settlement.Try is SettleTry.First ? settlement with { Try = SettleTry.Repeated } : settlement;

    [LoggerMessage(1320, LogLevel.Error, "Too many settlements wait for Redis; reservation {Id} will be charged as it was held.")]
    private partial void LogDropped(string id);

    [LoggerMessage(1321, LogLevel.Error, "{Count} settlements never reached Redis; their reservations will be charged as they were held.")]
    private partial void LogLeft(int count);

    [LoggerMessage(1322, LogLevel.Error, "Redis refuses to settle reservation {Id}.")]
    private partial void LogRefused(string id, Exception exception);
}
