using System.Collections.Concurrent;

namespace IntegrationLayer.Sdk.Execution;

/// <summary>Timers that calls have left unharmed, for the next calls: a timer, its source of cancellation and what registers there are a call's largest objects.</summary>
internal sealed class CallTimerPool
{
    // More are in use at once only while more calls are in flight; what is beyond is left to the collector.
    private const int Most = 1024;

    private readonly ConcurrentQueue<CallTimer> _timers = new();
    private int _count;

    /// <summary>Gets a timer for a call.</summary>
    public CallTimer Rent(in Deadline deadline)
    {
        if (!_timers.TryDequeue(out CallTimer? timer))
        {
            return new CallTimer(deadline, this);
        }

        Interlocked.Decrement(ref _count);
        timer.Start(deadline);
        return timer;
    }

    /// <summary>Takes a timer back. Called by the timer when it is disposed.</summary>
    internal void Return(CallTimer timer)
    {
        if (Interlocked.Increment(ref _count) <= Most)
        {
            _timers.Enqueue(timer);
        }
        else
        {
            Interlocked.Decrement(ref _count);
            timer.Discard();
        }
    }
}
