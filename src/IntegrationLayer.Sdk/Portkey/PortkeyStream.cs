using System.Runtime.CompilerServices;
using IntegrationLayer.Sdk.Execution;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>A streamed chat answer as it comes from the gateway.</summary>
internal sealed class PortkeyStream : GatewayStream
{
    private readonly HttpResponseMessage _response;
    private readonly Stream _body;
    private readonly CallFacts _facts;
    private readonly TimeProvider _time;
    private readonly SseReader _events;
    private readonly ChunkReader _chunks;
    private readonly CancellationToken _cancellationToken;
    private LlmResponseUpdate? _current;
    private long _received;
    private State _state;

    public PortkeyStream(HttpResponseMessage response, Stream body, CallFacts facts, TimeProvider time, CancellationToken cancellationToken)
    {
        _response = response;
        _body = body;
        _facts = facts;
        _time = time;
        _cancellationToken = cancellationToken;
        Info = AnswerInfo.Of(response, facts, time);
        _events = new SseReader(facts.Options.MaxEventBytes);
        _chunks = new ChunkReader(Info.Provider ?? facts.Deployment.Provider, facts.KeepsReasoning);
    }

    private enum State
    {
        Reading,
        Ended,
        Closed,
    }

    public override GatewayInfo Info { get; }

    public override LlmResponseUpdate Current => _current ?? throw new InvalidOperationException("Call MoveNextAsync first.");

    public override UsageDetails? Usage => _chunks.Usage;

    public override long BytesReceived => _received;

    // What has arrived already needs nothing to wait with.
    public override ValueTask<bool> MoveNextAsync() =>
        _state == State.Reading && TryTake(isLast: false) ? new(true) : ReadOnAsync();

    public override bool HasOpenToolCall => _chunks.HasOpenToolCall;

    public override IReadOnlyList<FunctionCallContent> TakeWholeToolCalls() => _chunks.TakeWholeToolCalls();

    public override ValueTask DisposeAsync()
    {
        _state = State.Closed;
        _events.Dispose();
        _chunks.Dispose();
        _body.Dispose();
        _response.Dispose();
        return default;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReadOnAsync()
    {
        while (_state == State.Reading)
        {
            if (TryTake(isLast: false))
            {
                return true;
            }

            if (_state == State.Reading && !await FillAsync().ConfigureAwait(false))
            {
                // No more bytes: what is left, then the end.
                if (TryTake(isLast: true))
                {
                    return true;
                }

                End();
            }
        }

        if (_state == State.Ended)
        {
            _state = State.Closed;
            _current = ReadEnd();
            return _current is not null;
        }

        return false;
    }

    private void End()
    {
        if (!_chunks.IsFinished && _state == State.Reading)
        {
            throw Fail(PortkeyFailures.Truncated(_facts));
        }

        _state = State.Ended;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FillAsync()
    {
        Memory<byte> free = _events.GetFree();
        if (free.IsEmpty)
        {
            throw EventTooLarge();
        }

        int count;
        try
        {
            count = await _body.ReadAsync(free, _cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!_cancellationToken.IsCancellationRequested)
        {
            // The answer is whole; only its last words (the usage, [DONE]) are lost.
            if (_chunks.IsFinished)
            {
                return false;
            }

            throw Fail(PortkeyFailures.FromConnection(exception, isAnswering: true, _facts));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new OperationCanceledException("The caller gave up.", exception, _cancellationToken);
        }

        _received += count;
        if (_received > _facts.Options.MaxStreamBytes)
        {
            throw Fail(PortkeyFailures.TooLarge("The stream", _facts.Options.MaxStreamBytes, nameof(PortkeyOptions.MaxStreamBytes), _facts));
        }

        _events.Advance(count);
        return count > 0;
    }

    private bool TryTake(bool isLast)
    {
        while (isLast ? _events.TryReadLast(out ReadOnlySpan<byte> data, out bool isErrorEvent) : _events.TryRead(out data, out isErrorEvent))
        {
            if (data.Length > _facts.Options.MaxEventBytes)
            {
                throw EventTooLarge();
            }

            if (data is [(byte)'[', ..] && data.TrimEnd((byte)' ').SequenceEqual("[DONE]"u8))
            {
                _state = State.Ended;
                return false;
            }

            if (isErrorEvent)
            {
                throw Fail(PortkeyFailures.FromEvent(data, _response.Headers, _facts, _time, _current is not null));
            }

            if (data.IsEmpty)
            {
                continue;
            }

            if (Read(data, isLast) is { } update)
            {
                _current = update;
                return true;
            }
        }

        return false;
    }

    private LlmResponseUpdate? Read(ReadOnlySpan<byte> data, bool isLast)
    {
        LlmResponseUpdate? update;
        try
        {
            update = _chunks.Read(data);
        }
        catch (Exception exception) when (JsonText.IsBroken(exception))
        {
            // Half an event at the end is a stream that was cut, not a wrong one; after the finish reason nothing can be cut any more.
            if (isLast && _chunks.IsFinished)
            {
                return null;
            }

            throw Fail(isLast
                ? PortkeyFailures.Truncated(_facts)
                : PortkeyFailures.BadOutput("An event of the stream is not the JSON of a chat chunk.", Info.StatusCode, _facts));
        }

        if (_chunks.HasHiddenContent)
        {
            ReportProgress();
        }

        if (_chunks.IsError)
        {
            throw Fail(PortkeyFailures.FromEvent(data, _response.Headers, _facts, _time, _current is not null));
        }

        return _chunks.FailedBy is { } reason ? throw Fail(PortkeyFailures.FromFinish(reason, _facts)) : update;
    }

    private LlmResponseUpdate? ReadEnd()
    {
        try
        {
            return _chunks.ReadEnd();
        }
        catch (System.Text.Json.JsonException)
        {
            throw Fail(PortkeyFailures.BadOutput("A tool call of the answer has no name.", Info.StatusCode, _facts));
        }
    }

    private LlmException EventTooLarge() =>
        Fail(PortkeyFailures.TooLarge("An event of the stream", _facts.Options.MaxEventBytes, nameof(PortkeyOptions.MaxEventBytes), _facts));

    private LlmException Fail(LlmException failure)
    {
        _state = State.Closed;
        return failure;
    }
}
