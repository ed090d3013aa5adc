using System.Collections.Concurrent;
using IntegrationLayer.Sdk.Budgets;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>Makes known again what Redis doesn't know: missing data means that a budget's state is unknown, never that it is unspent.</summary>
/// <remarks>
/// The epoch says since when Redis remembers. If it is gone, Redis lost everything, and calls may be under way that it knows nothing of any more: for some
/// time nothing may be spent, until they have ended and stand in the usage records. Then each counter begins with what the records say.
/// </remarks>
internal sealed partial class RedisBudgetRecovery(
    RedisBudgetStore store, RedisClock clock, RedisBudgetOptions options, IBudgetHistory? history, ILogger<RedisBudgetRecovery> logger)
{
    private readonly ConcurrentDictionary<string, Task> _running = new();
    private bool _knowsEpoch;

    /// <summary>Gets the key of the epoch.</summary>
    public required string EpochKey { get; init; }

    /// <summary>Cures what kept a script from reading a window. Afterwards it may be tried again.</summary>
    /// <exception cref="BudgetUnavailableException">It can't be cured yet.</exception>
    public async ValueTask RecoverAsync(ReserveCode code, RedisWindow window, CancellationToken cancellationToken)
    {
        // Whoever comes while somebody is at it waits for that one.
        string key = window.Counts!;
        Task task = _running.GetOrAdd(key, _ => RunAsync(code, window));
        try
        {
            await task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (task.IsCompleted)
            {
                _running.TryRemove(KeyValuePair.Create(key, task));
            }
        }
    }

    /// <summary>Puts aside what some windows' keys hold, if it isn't counts.</summary>
    public async ValueTask QuarantineAsync(IEnumerable<RedisWindow> windows, bool areUnreadable, CancellationToken cancellationToken)
    {
        foreach (RedisWindow window in windows)
        {
            foreach (string key in await store.QuarantineAsync(window, areUnreadable, cancellationToken).ConfigureAwait(false))
            {
                LogQuarantined(key);
            }
        }
    }

    // It serves everybody who waits, so no single caller's cancellation stops it.
    private async Task RunAsync(ReserveCode code, RedisWindow window)
    {
        switch (code)
        {
            case ReserveCode.UnknownPartition:
                await BeginAsync(window).ConfigureAwait(false);
                break;
            case ReserveCode.UnknownCounter:
                await SeedAsync(window).ConfigureAwait(false);
                break;
            default:
                await QuarantineAsync([window], areUnreadable: true, CancellationToken.None).ConfigureAwait(false);
                break;
        }
    }

    private async ValueTask BeginAsync(RedisWindow window)
    {
        // Only who has seen the epoch knows that it was lost; to a process that just began, Redis may be new.
        TimeSpan delay = _knowsEpoch && options.Unknown is UnknownBudgetPolicy.Rebuild ? options.RebuildDelay : TimeSpan.Zero;
        (DateTimeOffset from, DateTimeOffset now) = await store.GetEpochAsync(EpochKey, delay, CancellationToken.None).ConfigureAwait(false);
        if (from > now)
        {
            throw new BudgetUnavailableException(
                $"Redis has lost the budgets. They are rebuilt from usage records at {from:u}, when the calls that were under way have ended.");
        }

        _knowsEpoch = true;
        await store.BeginAsync(window.Counter.Register, CancellationToken.None).ConfigureAwait(false);
    }

    private async ValueTask SeedAsync(RedisWindow window)
    {
        BudgetLimit limit = window.Counter.Limit;
        BudgetPeriod span = window.Span(clock.Now);
        decimal used = 0;
        if (options.Unknown is UnknownBudgetPolicy.Rebuild)
        {
            used = await UsedAsync(limit, span).ConfigureAwait(false);
        }

        long count = limit.Unit is BudgetUnit.Usd ? BudgetAmount.ToNanoUsd(used) : decimal.ToInt64(decimal.Ceiling(used));
        await store.SeedAsync(window, count, CancellationToken.None).ConfigureAwait(false);
        if (used > 0)
        {
            LogRebuilt(limit, used);
        }
    }

    private async ValueTask<decimal> UsedAsync(BudgetLimit limit, BudgetPeriod span)
    {
        if (history is null)
        {
            throw new BudgetUnavailableException(
                $"Redis knows nothing of the budget '{limit.Scope}', and there are no usage records to rebuild it from. Register an IBudgetHistory, or set RedisBudgetOptions.Unknown to AssumeUnspent.");
        }

        try
        {
            return await history.GetUsedAsync(limit, span, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            throw new BudgetUnavailableException($"Redis knows nothing of the budget '{limit.Scope}', and the usage records to rebuild it from can't be read: {e.Message}", e);
        }
    }

    [LoggerMessage(1310, LogLevel.Warning, "Redis knew nothing of the budget {Limit}; usage records say that {Used} is used.")]
    private partial void LogRebuilt(BudgetLimit limit, decimal used);

    [LoggerMessage(1311, LogLevel.Error, "The key {Key} held something else than budget counts; it was put aside.")]
    private partial void LogQuarantined(string key);
}
