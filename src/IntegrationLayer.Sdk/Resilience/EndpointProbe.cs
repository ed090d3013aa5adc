namespace IntegrationLayer.Sdk.Resilience;

/// <summary>
/// Finds out early that an endpoint is back, while there is no other: one call at a time is made in spite of the open breaker, ten times a second
/// at most, and only where a failure is quick. (Where connections are neither made nor refused, the breaker's pauses stand.)
/// </summary>
internal sealed class EndpointProbe(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private int _isOut;
    private long _endedAt;
    private volatile bool _failsQuickly;

    /// <summary>Gets how long to wait for the next; <see langword="null"/> where only the breaker tells.</summary>
    public TimeSpan? Wait => _failsQuickly ? Interval : null;

    /// <summary>Notes how long a call took that couldn't be sent.</summary>
    public void Failed(TimeSpan took)
    {
        Volatile.Write(ref _endedAt, time.GetTimestamp());
        _failsQuickly = took < Interval;
    }

    /// <summary>Takes the place of the one call.</summary>
    public bool TryBegin() =>
        _failsQuickly && time.GetElapsedTime(Volatile.Read(ref _endedAt)) >= Interval && Interlocked.CompareExchange(ref _isOut, 1, 0) == 0;

    /// <summary>Gives it back.</summary>
    public void End()
    {
        Volatile.Write(ref _endedAt, time.GetTimestamp());
        Volatile.Write(ref _isOut, 0);
    }
}
