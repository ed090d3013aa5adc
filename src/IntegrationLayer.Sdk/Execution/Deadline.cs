namespace IntegrationLayer.Sdk.Execution;

/// <summary>The one deadline of a request, over all its attempts. It begins with the request, not with its first call.</summary>
internal readonly struct Deadline
{
    // The longest that a timer takes; also what no limit (Timeout.InfiniteTimeSpan) comes to.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(int.MaxValue);

    private readonly long _startedAt;
    private readonly TimeSpan _allowed;

    private Deadline(TimeSpan allowed, long startedAt, TimeProvider timeProvider, CancellationToken caller)
    {
        _allowed = allowed;
        _startedAt = startedAt;
        Clock = timeProvider;
        Caller = caller;
    }

    /// <summary>Gets what tells the time.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Gets the caller's own token.</summary>
    public CancellationToken Caller { get; }

    /// <summary>Gets what is left; zero when it is over.</summary>
    public TimeSpan Remaining => RemainingAt(Clock.GetTimestamp());

    /// <summary>Gets what is left at a moment, given as a timestamp; zero when it is over.</summary>
    public TimeSpan RemainingAt(long now) => Clock.GetElapsedTime(_startedAt, now) is var elapsed && elapsed < _allowed ? _allowed - elapsed : TimeSpan.Zero;

    /// <summary>Finds out until when a request may take.</summary>
    /// <param name="context">What the request says about it.</param>
    /// <param name="defaultTimeout">How long it may take if it says nothing.</param>
    /// <param name="timeProvider">What tells the time.</param>
    /// <param name="startedAt">When the request began, as a timestamp.</param>
    /// <param name="caller">The caller's own token.</param>
    /// <exception cref="LlmException">The deadline is over already.</exception>
    public static Deadline Of(LlmRequestContext context, TimeSpan defaultTimeout, TimeProvider timeProvider, long startedAt, CancellationToken caller)
    {
        TimeSpan allowed = context.Timeout ?? defaultTimeout;
        allowed = allowed == Timeout.InfiniteTimeSpan || allowed > Longest ? Longest : allowed;
        if (context.Deadline is { } due && timeProvider.GetElapsedTime(startedAt) + (due - timeProvider.GetUtcNow()) is var left && left < allowed)
        {
            allowed = left;
        }

        var deadline = new Deadline(allowed, startedAt, timeProvider, caller);
        return deadline.Remaining > TimeSpan.Zero ? deadline : throw deadline.NotSent();
    }

    /// <summary>Ends a request that was not sent yet when its deadline is over or its caller has cancelled it.</summary>
    public void ThrowIfOver()
    {
        Caller.ThrowIfCancellationRequested();
        if (Remaining <= TimeSpan.Zero)
        {
            throw NotSent();
        }
    }

    /// <summary>Makes the failure of a request that the deadline ended before it was sent.</summary>
    public LlmException NotSent(Exception? cause = null) =>
        new(_allowed > TimeSpan.Zero
                ? $"The deadline of {_allowed} was over before the request was sent."
                : $"The request has {_allowed} left until its deadline, so it was not sent.",
            LlmErrorClass.Timeout, LlmErrorSource.Sdk, cause);

    /// <summary>Makes the failure of a call that the deadline ended.</summary>
    public LlmException NotAnswered(Exception? cause = null) =>
        new($"The answer was not complete within {_allowed}.", LlmErrorClass.Timeout, LlmErrorSource.Sdk, cause) { MayBeBilled = true };
}
