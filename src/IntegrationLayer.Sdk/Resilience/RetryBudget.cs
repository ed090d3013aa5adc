namespace IntegrationLayer.Sdk.Resilience;

/// <summary>
/// Bounds the calls that a process makes beyond one a request, so that an outage isn't answered with a multiple of the usual traffic: each success
/// pays for a part of a further call, and a few a second are free. Safe for concurrent use, without locks.
/// </summary>
/// <remarks>What successes pay is kept up to 1,000 calls, what is free up to what ten seconds give.</remarks>
internal sealed class RetryBudget(TimeProvider timeProvider)
{
    // What is saved is in thousandths of a call.
    private const long Call = 1_000;
    private const long MostSaved = 1_000 * Call;
    private static readonly TimeSpan MostFree = TimeSpan.FromSeconds(10);

    private long _saved;

    // The moment up to which free calls have been used: each moves it on by its share of a second (the generic cell rate algorithm).
    private long _usedUntil = long.MinValue;

    /// <summary>Gets how many calls successes have paid for.</summary>
    public double Saved => Volatile.Read(ref _saved) / (double)Call;

    /// <summary>Gets the part of what may be kept that isn't there, from 0 to 1.</summary>
    public double Used => 1 - (Volatile.Read(ref _saved) / (double)MostSaved);

    /// <summary>Notes a request that succeeded.</summary>
    public void Deposit(RetryOptions options)
    {
        // Usually it is full, and then it is only read.
        if (Volatile.Read(ref _saved) < MostSaved)
        {
            Interlocked.Add(ref _saved, (long)(options.BudgetRatio * Call));
        }
    }

    /// <summary>Says whether a further call could be made now.</summary>
    public bool HasCall(RetryOptions options) => Volatile.Read(ref _saved) >= Call || FreeCall(Volatile.Read(ref _usedUntil), options) is not null;

    /// <summary>Takes a further call.</summary>
    /// <returns><see langword="false"/> if there is none left.</returns>
    public bool TryTake(RetryOptions options) => TryTakeFree(options) || TryTakeSaved();

    private bool TryTakeFree(RetryOptions options)
    {
        long used = Volatile.Read(ref _usedUntil);
        while (FreeCall(used, options) is { } then)
        {
            long before = Interlocked.CompareExchange(ref _usedUntil, then, used);
            if (before == used)
            {
                return true;
            }

            used = before;
        }

        return false;
    }

    private bool TryTakeSaved()
    {
        long saved = Volatile.Read(ref _saved);
        while (saved >= Call)
        {
            long before = Interlocked.CompareExchange(ref _saved, saved - Call, saved);
            if (before == saved)
            {
                return true;
            }

            saved = before;
        }

        return false;
    }

    // Up to when free calls are used after one more; null if that is beyond now.
    private long? FreeCall(long usedUntil, RetryOptions options)
    {
        if (options.BudgetPerSecond == 0)
        {
            return null;
        }

        long now = timeProvider.GetTimestamp();
        long oldest = now - (long)(MostFree.TotalSeconds * timeProvider.TimestampFrequency);
        long then = Math.Max(usedUntil, oldest) + (timeProvider.TimestampFrequency / options.BudgetPerSecond);
        return then <= now ? then : null;
    }
}
