using System.IO.Pipelines;
using System.Net.Sockets;
using IntegrationLayer.Sdk.Testing.Wire;

namespace IntegrationLayer.Sdk.Testing.Fronts;

/// <summary>One answer in process: a pipe between the script and the reader, which takes every write by itself.</summary>
internal sealed class HandlerExchange : IWireSink
{
    /// <summary>A write ends when the reader has taken it: writes arrive one by one, and never after a failure.</summary>
    private static readonly PipeOptions OneWriteAtATime =
        new(pauseWriterThreshold: 1, resumeWriterThreshold: 1, useSynchronizationContext: false);

    private readonly Pipe _pipe = new(OneWriteAtATime);
    private readonly CancellationTokenSource _gone;
    private readonly TaskCompletionSource _head = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FakePortkey _fake;
    private readonly WireResponse _answer;
    private readonly FakePortkeyRequest _request;

    /// <summary>Prepares the answer to a request.</summary>
    /// <param name="fake">The script.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="request">The request.</param>
    /// <param name="gone">Cancelled when the client has gone.</param>
    public HandlerExchange(FakePortkey fake, WireResponse answer, FakePortkeyRequest request, CancellationTokenSource gone)
    {
        _gone = gone;
        _fake = fake;
        _answer = answer;
        _request = request;
        Body = new HandlerBody(_pipe.Reader.AsStream(), _gone);
    }

    /// <summary>What the client reads.</summary>
    public Stream Body { get; }

    PipeWriter IWireSink.Body => _pipe.Writer;

    IWireConnection IWireSink.Connection => throw new InvalidOperationException(
        "This answer breaks the rules of HTTP, which takes a connection. Start a server with FakePortkey.StartServerAsync and give its address to the code under test.");

    /// <summary>Plays in the background; returns when the head may be sent.</summary>
    /// <exception cref="HttpRequestException">The connection was reset before the head.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the head.</exception>
    public async Task StartAsync(WireSchedule schedule, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static gone => ((CancellationTokenSource)gone!).Cancel(), _gone);
        _ = Task.Run(() => PlayAsync(schedule), CancellationToken.None);
        await _head.Task.ConfigureAwait(false);
    }

    Task IWireSink.StartAsync(CancellationToken cancellationToken)
    {
        _head.TrySetResult();
        return Task.CompletedTask;
    }

    private async Task PlayAsync(WireSchedule schedule)
    {
        try
        {
            await WirePlayer.PlayAsync(_answer, this, schedule, _gone.Token).ConfigureAwait(false);
            _request.End(FakePortkeyOutcome.Completed);
            await _pipe.Writer.CompleteAsync().ConfigureAwait(false);
        }
        catch (WireResetException)
        {
            _request.End(FakePortkeyOutcome.Reset);
            IOException reset = new("The connection was reset, as the script says.", new SocketException((int)SocketError.ConnectionReset));
            _head.TrySetException(new HttpRequestException("An error occurred while sending the request.", reset));
            HttpIOException ended = new(HttpRequestError.ResponseEnded, "The response ended prematurely, as the script says.");
            await _pipe.Writer.CompleteAsync(ended).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception)
        {
            _request.End(FakePortkeyOutcome.Cancelled);
            await FailAsync(exception).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _fake.Report(_request, exception);
            await FailAsync(exception).ConfigureAwait(false);
        }
    }

    private async Task FailAsync(Exception exception)
    {
        _head.TrySetException(exception);
        await _pipe.Writer.CompleteAsync(exception).ConfigureAwait(false);
    }
}
