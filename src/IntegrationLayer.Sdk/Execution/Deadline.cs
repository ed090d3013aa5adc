namespace IntegrationLayer.Sdk.Execution;

/// <summary>The one deadline of a request, over all its attempts; its token ends with the caller's too.</summary>
internal sealed class Deadline : IDisposable
{
    // The longest that a timer takes; also what no limit (Timeout.InfiniteTimeSpan) comes to.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(int.MaxValue);

    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _registration;
    private readonly CancellationToken _caller;
    private readonly TimeProvider _timeProvider;
    private readonly long _startedAt;
    private readonly TimeSpan _allowed;

    private Deadline(TimeSpan allowed, TimeProvider timeProvider, CancellationToken caller)
    {
        _allowed = allowed;
        _timeProvider = timeProvider;
        _startedAt = timeProvider.GetTimestamp();
        _caller = caller;
        _source = new CancellationTokenSource(allowed, timeProvider);
        _registration = caller.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Gets what is left; zero when it is over.</summary>
    public TimeSpan Remaining => _timeProvider.GetElapsedTime(_startedAt) is var elapsed && elapsed < _allowed ? _allowed - elapsed : TimeSpan.Zero;

    /// <summary>Starts the clock.</summary>
    /// <exception cref="LlmException">The deadline is over already.</exception>
    public static Deadline Start(LlmRequestContext context, TimeSpan defaultTimeout, TimeProvider timeProvider, CancellationToken caller)
    {
        TimeSpan allowed = context.Timeout ?? defaultTimeout;
        allowed = allowed == Timeout.InfiniteTimeSpan || allowed > Longest ? Longest : allowed;
        if (context.Deadline is { } due && due - timeProvider.GetUtcNow() is var left && left < allowed)
        {
            allowed = left;
        }

        return allowed > TimeSpan.Zero
            ? new Deadline(allowed, timeProvider, caller)
            : throw new LlmException($"The request has {allowed} left until its deadline, so it was not sent.", LlmErrorClass.Timeout, LlmErrorSource.Sdk);
    }

    /// <summary>Tells a cancellation by the deadline, or by a timeout of the gateway's own client, from one by the caller.</summary>
    /// <returns>The timeout, or <see langword="null"/> if it was the caller.</returns>
    public LlmException? Explain(OperationCanceledException cause) =>
        _caller.IsCancellationRequested ? null
        : _source.IsCancellationRequested
            ? new LlmException($"The answer was not complete within {_allowed}.", LlmErrorClass.Timeout, LlmErrorSource.Sdk, cause) { MayBeBilled = true }
        : cause.InnerException is TimeoutException
            ? new LlmException("The gateway's client gave up waiting, by a timeout of its own.", LlmErrorClass.Timeout, LlmErrorSource.Gateway, cause) { MayBeBilled = true }
        : null;

    /// <summary>Ends a request that was not sent yet when its deadline is over or its caller has cancelled it.</summary>
    public void ThrowIfOver()
    {
        _caller.ThrowIfCancellationRequested();
        if (_source.IsCancellationRequested || Remaining <= TimeSpan.Zero)
        {
            throw NotSent();
        }
    }

    /// <summary>Makes the failure of a request that the deadline ended before it was sent.</summary>
    public LlmException NotSent(Exception? cause = null) =>
        new($"The deadline of {_allowed} was over before the request was sent.", LlmErrorClass.Timeout, LlmErrorSource.Sdk, cause);

    public void Dispose()
    {
        _registration.Dispose();
        _source.Dispose();
    }
}
