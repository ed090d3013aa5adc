namespace IntegrationLayer.Sdk.Execution;

/// <summary>The one deadline of a request, over all its attempts; its token ends with the caller's too.</summary>
internal sealed class Deadline : IDisposable
{
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
        if (context.Deadline is { } due && due - timeProvider.GetUtcNow() is var left && left < allowed)
        {
            allowed = left;
        }

        return allowed > TimeSpan.Zero
            ? new Deadline(allowed, timeProvider, caller)
            : throw new LlmException($"The deadline was over {-allowed} before the request was sent.", LlmErrorClass.Timeout, LlmErrorSource.Sdk);
    }

    /// <summary>Tells a cancellation by the deadline from one by the caller.</summary>
    /// <returns>The timeout, or <see langword="null"/> if it was the caller.</returns>
    public LlmException? Explain(OperationCanceledException cause) =>
        _source.IsCancellationRequested && !_caller.IsCancellationRequested
            ? new LlmException($"The answer was not complete within {_allowed}.", LlmErrorClass.Timeout, LlmErrorSource.Sdk, cause) { MayBeBilled = true }
            : null;

    public void Dispose()
    {
        _registration.Dispose();
        _source.Dispose();
    }
}
