using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Execution;

/// <summary>A stream that has shown content: until then, nothing is given to the caller, so that another deployment can still be tried.</summary>
internal sealed class CommittedStream : IDisposable
{
    private readonly GatewayStream _stream;
    private readonly Deadline _deadline;
    private readonly StreamedAnswer _answer = new();
    private readonly Queue<LlmResponseUpdate> _ahead = new(1);
    private LlmResponseUpdate? _current;
    private bool _ended;

    private CommittedStream(GatewayStream stream, Deadline deadline)
    {
        _stream = stream;
        _deadline = deadline;
    }

    public GatewayInfo Info => _stream.Info;

    public LlmResponseUpdate Current => _current ?? throw new InvalidOperationException("Call MoveNextAsync first.");

    /// <summary>Gets the usage, once it is final: what a provider reports before the end (Anthropic its input, some a running count) isn't what it bills.</summary>
    public UsageDetails? Usage => IsComplete || _answer.IsFinished ? _stream.Usage : null;

    /// <summary>Gets who the provider says is writing, as far as it says so.</summary>
    public Served Served => _answer.Served;

    /// <summary>Gets why the stream broke off, if it did.</summary>
    public LlmException? Failure { get; private set; }

    /// <summary>Gets a value indicating whether the terminal event was seen.</summary>
    public bool IsComplete => _ended && Failure is null;

    /// <summary>Opens a stream and reads up to the first content. A failure before it is thrown, and the stream closed.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<CommittedStream> StartAsync(IModelGateway gateway, GatewayCall call, Deadline deadline)
    {
        GatewayStream stream = await gateway.OpenStreamAsync(call, deadline.Token).ConfigureAwait(false);
        var committed = new CommittedStream(stream, deadline);
        try
        {
            do
            {
                if (!await stream.MoveNextAsync().ConfigureAwait(false))
                {
                    committed._ended = true;
                    break;
                }

                committed._answer.Add(stream.Current);
                committed._ahead.Enqueue(stream.Current);
            }
            while (!HasContent(stream.Current));
            return committed;
        }
        catch
        {
            await committed.CloseAsync().ConfigureAwait(false);
            committed.Dispose();
            throw;
        }
    }

    /// <summary>Moves to the next update. A failure ends the stream; it isn't thrown but left in <see cref="Failure"/>.</summary>
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

    /// <summary>Gets the text seen so far.</summary>
    public string TextSoFar() => _answer.Text();

    /// <summary>Closes the connection.</summary>
    public ValueTask CloseAsync() => _stream.DisposeAsync();

    /// <summary>Gives back the memory in which the answer is kept.</summary>
    public void Dispose() => _answer.Dispose();

    // Role-only, empty and usage-only pieces are no content.
    private static bool HasContent(LlmResponseUpdate update)
    {
        if (update.PlainText is { Length: > 0 })
        {
            return true;
        }

        IList<AIContent> contents = update.Content.Contents;
        for (int i = 0; i < contents.Count; i++)
        {
            bool isContent = contents[i] switch
            {
                TextContent text => !string.IsNullOrEmpty(text.Text),
                TextReasoningContent reasoning => !string.IsNullOrEmpty(reasoning.Text),
                UsageContent => false,
                _ => true,
            };
            if (isContent)
            {
                return true;
            }
        }

        return false;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> AwaitAsync(ValueTask<bool> next)
    {
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
        if (moved)
        {
            _current = _stream.Current;
            _answer.Add(_current);
        }

        _ended = !moved;
        return moved;
    }

    // The caller's own cancellation is not a failure of the stream.
    private LlmException? AsFailure(Exception exception) => exception switch
    {
        LlmException failure => failure,
        OperationCanceledException cancelled => _deadline.Explain(cancelled),
        _ => null,
    };

    private bool Fail(LlmException failure)
    {
        Failure = failure;
        _ended = true;
        return false;
    }
}
