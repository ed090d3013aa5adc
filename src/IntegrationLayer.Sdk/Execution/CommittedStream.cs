using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Execution;

/// <summary>A stream that has shown content: until then, nothing is given to the caller, so that another deployment can still be tried.</summary>
internal sealed class CommittedStream : IGatewayAnswer, IDisposable
{
    // What is held back at most before the first content. Beyond it the stream is given out as it is.
    private const int MaxHeldUpdates = 64;
    private const int MaxHeldBytes = 256 * 1024;
    private const int MaxJudgedBytes = 1024 * 1024;

    private readonly GatewayStream _stream;
    private readonly CallTimer _timer;
    private readonly StreamedAnswer _answer = new();
    private readonly Queue<LlmResponseUpdate> _ahead = new(1);
    private LlmResponseUpdate? _current;
    private bool _ended;

    private CommittedStream(GatewayStream stream, CallTimer timer)
    {
        _stream = stream;
        _timer = timer;
        stream.Timer = timer;
    }

    public GatewayInfo Info => _stream.Info;

    /// <summary>Gets how many bytes have come, as far as that is known.</summary>
    public long BytesReceived => _stream.BytesReceived;

    public LlmResponseUpdate Current => _current ?? throw new InvalidOperationException("Call MoveNextAsync first.");

    /// <summary>Gets the usage, once it is final: what a provider reports before the end (Anthropic its input, some a running count) isn't what it bills.</summary>
    public UsageDetails? Usage => IsComplete || _answer.IsFinished ? _stream.Usage : null;

    /// <summary>Gets who the provider says is writing, as far as it says so.</summary>
    public Served Served => _answer.Served;

    /// <summary>Gets why the stream broke off, if it did.</summary>
    public LlmException? Failure { get; private set; }

    /// <summary>Gets what had come when the stream broke off; <see langword="null"/> unless it did.</summary>
    public PartialAnswer? Partial { get; private set; }

    /// <summary>Gets a value indicating whether the terminal event was seen.</summary>
    public bool IsComplete => _ended && Failure is null;

    /// <summary>Opens a stream and reads up to the first content. A failure before it is thrown, and the stream closed.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<CommittedStream> StartAsync(IModelGateway gateway, GatewayCall call, CallTimer timer)
    {
        GatewayStream stream = await gateway.OpenStreamAsync(call, timer.BeginStream()).ConfigureAwait(false);
        timer.Opened();
        var committed = new CommittedStream(stream, timer);
        try
        {
            bool isHeld = true;
            while (isHeld && await stream.MoveNextAsync().ConfigureAwait(false))
            {
                committed.Hold(stream.Current);
                isHeld = !Content.IsIn(stream.Current) && committed._ahead.Count < MaxHeldUpdates && stream.BytesReceived < MaxHeldBytes;
            }

            committed._ended = isHeld;
            if (isHeld && !committed._answer.IsFinished)
            {
                throw new LlmException("The stream ended without an answer.", LlmErrorClass.BadOutput, LlmErrorSource.Provider) { MayBeBilled = true };
            }

            if (timer is { IsLast: false, Limits.MinCharactersPerSecond: { } speed })
            {
                await committed.ProveSpeedAsync(speed).ConfigureAwait(false);
            }

            return timer.Commit() ? committed : throw timer.Explain(null) ?? (Exception)new OperationCanceledException(timer.Token);
        }
        catch (Exception e)
        {
            if (committed.AsFailure(e) is { } failure)
            {
                stream.Failed(failure);
            }

            await committed.CloseAsync().ConfigureAwait(false);
            committed.Dispose();
            throw;
        }
    }

    /// <summary>Moves to the next update. A failure ends the stream; it isn't thrown but left in <see cref="Failure"/>.</summary>
    /// <exception cref="OperationCanceledException">The caller has cancelled.</exception>
    public ValueTask<bool> MoveNextAsync()
    {
        if (_ahead.TryDequeue(out LlmResponseUpdate? read))
        {
            _current = read;
            return new(true);
        }

        if (_ended)
        {
            return new(false);
        }

        if (!_timer.Enter())
        {
            return new(End(null));
        }

        try
        {
            ValueTask<bool> next = _stream.MoveNextAsync();
            return next.IsCompletedSuccessfully ? new(Accept(next.GetAwaiter().GetResult())) : AwaitAsync(next);
        }
        catch (Exception e) when (AsFailure(e) is { } failure)
        {
            return new(Fail(failure));
        }
    }

    /// <summary>Puts the updates seen so far together.</summary>
    public ChatResponse ToChatResponse() => _answer.ToChatResponse();

    /// <summary>Ends a stream whose consumer is gone.</summary>
    public void Abandon()
    {
        if (!_ended)
        {
            Fail(_timer.Explain(null) ?? new LlmException("The caller gave up.", LlmErrorClass.Cancelled, LlmErrorSource.Sdk) { MayBeBilled = true });
        }
    }

    /// <summary>Closes the connection.</summary>
    public ValueTask CloseAsync() => _stream.DisposeAsync();

    /// <summary>Gives back the memory in which the answer is kept.</summary>
    public void Dispose() => _answer.Dispose();

    // Holds a stream back until it has written what it must write while its speed is judged; the timer ends one that doesn't.
    private async ValueTask ProveSpeedAsync(int charactersPerSecond)
    {
        long missing = (charactersPerSecond * (long)CallTimer.SpeedWindow.TotalSeconds) - _ahead.Sum(Content.LengthOf);
        _timer.Judge();
        while (!_ended && missing > 0 && _stream.BytesReceived < MaxJudgedBytes)
        {
            _ended = !await _stream.MoveNextAsync().ConfigureAwait(false);
            if (!_ended)
            {
                Hold(_stream.Current);
                missing -= Content.LengthOf(_stream.Current);
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> AwaitAsync(ValueTask<bool> next)
    {
        _timer.Wait();
        try
        {
            return Accept(await next.ConfigureAwait(false));
        }
        catch (Exception e) when (AsFailure(e) is { } failure)
        {
            return Fail(failure);
        }
    }

    private bool Accept(bool moved)
    {
        // The time may be over at the very moment at which something comes; the end of the answer is welcome even then.
        if (!_timer.Leave(moved && Content.IsIn(_stream.Current)) && moved)
        {
            return End(null);
        }

        if (moved)
        {
            _current = _stream.Current;
            _answer.Add(_current);
        }

        _ended = !moved;
        return moved;
    }

    private void Hold(LlmResponseUpdate update)
    {
        _answer.Add(update);
        _ahead.Enqueue(update);
    }

    // The caller's own cancellation is not a failure of the stream.
    private LlmException? AsFailure(Exception exception) => exception switch
    {
        LlmException failure => failure,
        OperationCanceledException cancelled => _timer.Explain(cancelled),
        _ => null,
    };

    private bool End(OperationCanceledException? cause) =>
        Fail(_timer.Explain(cause) ?? throw new OperationCanceledException("The caller gave up.", cause, _timer.Deadline.Caller));

    private bool Fail(LlmException failure)
    {
        _timer.Leave(hasContent: false);
        _stream.Failed(failure);
        _ended = true;

        // After the finish reason the answer is whole: only its usage is lost.
        if (!_answer.IsFinished)
        {
            // Whoever sees the failure, also of a stream that was abandoned meanwhile, sees what had come.
            bool hasOpenToolCall = _stream.HasOpenToolCall;
            Partial = new PartialAnswer(_answer.Updates(), _stream.TakeWholeToolCalls(), hasOpenToolCall, _stream.Usage);
            Failure = failure;
        }

        return false;
    }
}
