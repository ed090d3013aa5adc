namespace IntegrationLayer.Sdk.Resilience;

/// <summary>Counts of the calls of the last while, in ten buckets that are reused in turn. Not synchronised: its owner is.</summary>
internal sealed class CallWindow
{
    public const int Buckets = 10;

    private readonly Bucket[] _buckets = new Bucket[Buckets];

    /// <summary>Counts a call.</summary>
    /// <param name="now">The time, on its owner's clock.</param>
    /// <param name="length">The length of the window.</param>
    /// <param name="outcome">What the call came to.</param>
    public void Add(TimeSpan now, TimeSpan length, CallOutcome outcome)
    {
        long step = StepOf(now, length);
        ref Bucket bucket = ref _buckets[(int)(step % Buckets)];
        if (bucket.Step != step || bucket.Length != length)
        {
            bucket = new Bucket { Step = step, Length = length };
        }

        switch (outcome)
        {
            case CallOutcome.Success:
                bucket.Succeeded++;
                break;
            case CallOutcome.Failure:
                bucket.Failed++;
                break;
            case CallOutcome.Timeout:
                bucket.TimedOut++;
                break;
            case CallOutcome.Truncated:
                bucket.Truncated++;
                break;
        }
    }

    /// <summary>Adds up the calls that are still within the window.</summary>
    public CallCounts Sum(TimeSpan now, TimeSpan length)
    {
        long step = StepOf(now, length);
        CallCounts sum = default;
        foreach (ref readonly Bucket bucket in _buckets.AsSpan())
        {
            // A bucket of another length was counted before the setting changed.
            if (bucket.Length == length && bucket.Step > step - Buckets)
            {
                sum += new CallCounts(bucket.Succeeded, bucket.Failed, bucket.TimedOut, bucket.Truncated);
            }
        }

        return sum;
    }

    public void Clear() => Array.Clear(_buckets);

    /// <summary>Gets the number of the bucket that a moment falls into: counts can only run out when it changes.</summary>
    public static long StepOf(TimeSpan now, TimeSpan length) => now.Ticks / Math.Max(1, length.Ticks / Buckets);

    private struct Bucket
    {
        public long Step;
        public TimeSpan Length;
        public int Succeeded;
        public int Failed;
        public int TimedOut;
        public int Truncated;
    }
}
