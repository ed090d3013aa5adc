namespace IntegrationLayer.Sdk.Resilience;

/// <summary>How busy an endpoint is, and how long its answers take: a mean in which what was long ago counts ever less (time constant 10 s).</summary>
/// <remarks>Finagle's load metric without its peaks: calls to models take from milliseconds to minutes whichever gateway they go through.</remarks>
internal sealed class EndpointLoad(TimeProvider time)
{
    private const double TimeConstantSeconds = 10;
    private const double MostWeightOfOld = 0.95;
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private int _inFlight;
    private double _mean;
    private long _changedAt = time.GetTimestamp();

    /// <summary>Gets how many calls are under way.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Gets what a further call adds itself to; the lower the better.</summary>
    public double Score
    {
        get
        {
            lock (_gate)
            {
                // What nobody measures is forgotten, so that a slow endpoint is looked at again.
                return (InFlight + 1) * (Least.TotalSeconds + (_mean * Fade(time.GetTimestamp())));
            }
        }
    }

    public void Begin() => Interlocked.Increment(ref _inFlight);

    public void End() => Interlocked.Decrement(ref _inFlight);

    /// <summary>Counts how long an answer took.</summary>
    public void Record(TimeSpan duration)
    {
        lock (_gate)
        {
            Add(duration.TotalSeconds);
        }
    }

    /// <summary>Counts a call that had no answer yet when it ended: it would have lasted longer still.</summary>
    public void RecordAtLeast(TimeSpan duration)
    {
        lock (_gate)
        {
            if (duration.TotalSeconds > _mean)
            {
                Add(duration.TotalSeconds);
            }
        }
    }

    private void Add(double seconds)
    {
        long now = time.GetTimestamp();
        double old = Math.Min(Fade(now), MostWeightOfOld);
        _mean = (_mean * old) + (seconds * (1 - old));
        _changedAt = now;
    }

    private double Fade(long now) => Math.Exp(-time.GetElapsedTime(_changedAt, now).TotalSeconds / TimeConstantSeconds);
}
