using System.Threading.Tasks.Sources;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Reads what a call in flight gives, from its beginning. Waiting for the next update allocates nothing.</summary>
internal sealed class FlightReader : IValueTaskSource<bool>, IDisposable
{
    private readonly SharedAnswer _answer;
    private readonly bool _isLeader;
    private readonly CancellationToken _token;
    private readonly CancellationTokenRegistration _registration;
    private ManualResetValueTaskSourceCore<bool> _core;

    /// <summary>Initializes a new instance of the <see cref="FlightReader"/> class.</summary>
    /// <param name="answer">What is read.</param>
    /// <param name="isLeader">Whether the updates themselves are given, and not copies.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public FlightReader(SharedAnswer answer, bool isLeader, CancellationToken cancellationToken)
    {
        _answer = answer;
        _isLeader = isLeader;
        _token = cancellationToken;
        _registration = cancellationToken.UnsafeRegister(static reader => ((FlightReader)reader!).Cancel(), this);
    }

    /// <summary>Gets how many updates were read.</summary>
    public int Position { get; private set; }

    /// <summary>Gets the update that the last <see cref="MoveNextAsync"/> found.</summary>
    public LlmResponseUpdate Current { get; private set; } = null!;

    /// <summary>Gets a value indicating whether the last update was the receipt of who made the call.</summary>
    public bool IsAtReceipt { get; private set; }

    /// <summary>Moves to the next update.</summary>
    /// <returns><see langword="false"/> at the end, however the call ended.</returns>
    public ValueTask<bool> MoveNextAsync()
    {
        _token.ThrowIfCancellationRequested();
        if (_answer.Look(this, out SharedUpdate? found))
        {
            return new(found is { } update && Take(update));
        }

        // It may have been cancelled just before it began to wait.
        if (_token.IsCancellationRequested)
        {
            Cancel();
        }

        return new(this, _core.Version);
    }

    public void Dispose() => _registration.Dispose();

    /// <summary>Makes ready to wait. Called by the list, which adds nothing meanwhile.</summary>
    /// <param name="isAlone">Whether nobody else waits, so that what follows can be done in place.</param>
    internal void Prepare(bool isAlone)
    {
        _core.Reset();
        _core.RunContinuationsAsynchronously = !isAlone;
    }

    /// <summary>Ends the waiting.</summary>
    internal void Wake() => _core.SetResult(true);

    bool IValueTaskSource<bool>.GetResult(short token) => _core.GetResult(token) && _answer.Get(Position) is { } update && Take(update);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Cancel()
    {
        if (_answer.Forget(this))
        {
            _core.SetException(new OperationCanceledException(_token));
        }
    }

    private bool Take(SharedUpdate update)
    {
        Position++;
        IsAtReceipt = update.Original.Receipt is not null;
        Current = _isLeader ? update.Original : update.Copy();
        return true;
    }
}
