namespace IntegrationLayer.Sdk.Evaluations.Availability;

/// <summary>A clock that stands still while code runs and jumps to whatever is due next: hours pass in milliseconds, and always in the same order.</summary>
/// <remarks>A timer's callback and what was waiting for it run before the clock moves on: on the thread that calls <see cref="Run"/>, or on the thread pool, which must have nothing else to do.</remarks>
internal sealed class VirtualTime : TimeProvider
{
    private static readonly DateTimeOffset Beginning = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);
    private readonly Lock _gate = new();
    private readonly PriorityQueue<Appointment, (long Ticks, long Order)> _queue = new();
    private long _order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Gets the time since the beginning.</summary>
    public TimeSpan Now { get; private set; }

    public override long GetTimestamp() => Now.Ticks;

    public override DateTimeOffset GetUtcNow() => Beginning + Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Calls an action when its time comes.</summary>
    public void At(TimeSpan time, Action action) => Enqueue(time, new Appointment(action, null, 0));

    /// <summary>Waits for a time to pass, or until cancelled.</summary>
    /// <remarks>Task.Delay would leave what follows a cancellation to another thread.</remarks>
    public async Task Delay(TimeSpan time, CancellationToken cancellationToken)
    {
        var passed = new TaskCompletionSource();
        using ITimer timer = CreateTimer(static passed => ((TaskCompletionSource)passed!).TrySetResult(), passed, time, Timeout.InfiniteTimeSpan);
        using CancellationTokenRegistration cancelled = cancellationToken.UnsafeRegister(static (passed, token) => ((TaskCompletionSource)passed!).TrySetCanceled(token), passed);
        await passed.Task.ConfigureAwait(false);
    }

    /// <summary>Lets time pass until nothing is due any more, or until a time.</summary>
    public void Run(TimeSpan until)
    {
        while (TryDequeue(until, out Appointment next, out TimeSpan due))
        {
            if (next.IsCancelled)
            {
                continue;
            }

            Now = due;
            next.Keep();
            AwaitQuiet();
        }

        Now = until > Now ? until : Now;
    }

    private static void AwaitQuiet()
    {
        var patience = default(SpinWait);
        while (!IsQuiet())
        {
            patience.SpinOnce(sleep1Threshold: -1);
        }
    }

    // Whatever ends while this looks may have begun something else, so it looks again.
    private static bool IsQuiet()
    {
        long completed = ThreadPool.CompletedWorkItemCount;
        return ThreadPool.PendingWorkItemCount == 0 && !IsPoolBusy() && ThreadPool.PendingWorkItemCount == 0 && ThreadPool.CompletedWorkItemCount == completed;
    }

    private static bool IsPoolBusy()
    {
        ThreadPool.GetMaxThreads(out int all, out _);
        ThreadPool.GetAvailableThreads(out int idle, out _);
        return idle < all;
    }

    private void Enqueue(TimeSpan time, Appointment appointment)
    {
        lock (_gate)
        {
            _queue.Enqueue(appointment, (Math.Max(time.Ticks, Now.Ticks), _order++));
        }
    }

    private bool TryDequeue(TimeSpan until, out Appointment next, out TimeSpan due)
    {
        lock (_gate)
        {
            bool isDue = _queue.TryPeek(out next, out (long Ticks, long Order) at) && at.Ticks <= until.Ticks;
            due = TimeSpan.FromTicks(at.Ticks);
            if (isDue)
            {
                _queue.Dequeue();
            }

            return isDue;
        }
    }

    private readonly record struct Appointment(Action? Action, Timer? Timer, int Version)
    {
        public bool IsCancelled => Timer is not null && Timer.Version != Version;

        public void Keep()
        {
            Action?.Invoke();
            Timer?.Fire();
        }
    }

    private sealed class Timer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        /// <summary>Gets a number that changes with each setting: an appointment made before is void.</summary>
        public int Version { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Version++;
            _period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                time.Enqueue(time.Now + dueTime, new Appointment(null, this, Version));
            }

            return true;
        }

        public void Fire()
        {
            if (_period > TimeSpan.Zero)
            {
                time.Enqueue(time.Now + _period, new Appointment(null, this, Version));
            }

            callback(state);
        }

        public void Dispose() => Version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
