namespace IntegrationLayer.Sdk.Testing.Faults;

/// <summary>Time since the start of a proxy.</summary>
internal sealed class FaultClock(TimeProvider time)
{
    // A clock that moved further than this while a timer was being set was advanced by a test: the timer is set anew.
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(1);

    private readonly long _start = time.GetTimestamp();

    public TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>Cancels a source at a time.</summary>
    /// <returns>The timer, to dispose when the source is no longer needed.</returns>
    public ITimer? Wake(CancellationTokenSource source, TimeSpan? at)
    {
        if (at is not { } due)
        {
            return null;
        }

        TimeSpan before = Now;
        ITimer timer = time.CreateTimer(static source => ((CancellationTokenSource)source!).Cancel(), source, Left(due, before), Timeout.InfiniteTimeSpan);
        while (due > before && Now - before > Slack)
        {
            before = Now;
            timer.Change(Left(due, before), Timeout.InfiniteTimeSpan);
        }

        return timer;
    }

    private static TimeSpan Left(TimeSpan due, TimeSpan now) => due > now ? due - now : TimeSpan.Zero;
}
