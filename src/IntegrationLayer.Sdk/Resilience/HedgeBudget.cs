namespace IntegrationLayer.Sdk.Resilience;

/// <summary>Bounds the calls that are made only because another is slow: each request pays for its share of one. Safe for concurrent use, without locks.</summary>
internal sealed class HedgeBudget
{
    // What is saved is in millionths of a call, so that shares add up exactly.
    private const long Call = 1_000_000;
    private const long MostSaved = 10 * Call;

    private long _saved;

    /// <summary>Notes a request.</summary>
    public void Deposit(HedgingOptions options)
    {
        long share = (long)(options.MaxShare * Call);
        long saved = Volatile.Read(ref _saved);
        while (saved < MostSaved)
        {
            long before = Interlocked.CompareExchange(ref _saved, Math.Min(MostSaved, saved + share), saved);
            if (before == saved)
            {
                return;
            }

            saved = before;
        }
    }

    /// <summary>Takes a call.</summary>
    /// <returns><see langword="false"/> if there is none.</returns>
    public bool TryTake()
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

    /// <summary>Gives back a call that was not made after all.</summary>
    public void Return() => Interlocked.Add(ref _saved, Call);
}
