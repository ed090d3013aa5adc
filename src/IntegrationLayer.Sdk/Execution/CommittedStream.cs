using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Execution;

/// <summary>A stream that has shown content: until then, nothing is given to the caller, so that another deployment can still be tried.</summary>
internal sealed class CommittedStream : IAsyncDisposable
{
    private readonly GatewayStream _stream;
    private readonly Deadline _deadline;
    private readonly List<ChatResponseUpdate> _updates = new(64);
    private int _position = -1;
    private bool _ended;

    private CommittedStream(GatewayStream stream, Deadline deadline)
    {
        _stream = stream;
        _deadline = deadline;
    }

    public GatewayInfo Info => _stream.Info;

    public ChatResponseUpdate Current => _updates[_position];

    /// <summary>Gets the usage, once it is final: what a provider reports before the end (Anthropic its input, some a running count) isn't what it bills.</summary>
    public UsageDetails? Usage => IsComplete || _updates.Exists(static u => u.FinishReason is not null) ? _stream.Usage : null;

    /// <summary>Gets who the provider says is writing, as far as it says so.</summary>
    public Served Served => new(
        _updates.Find(static u => u.ModelId is not null)?.ModelId,
        _updates.FindLast(static u => u.AdditionalProperties?.ContainsKey(Execution.Served.ServiceTierKey) is true)?.AdditionalProperties);

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

                committed._updates.Add(stream.Current);
            }
            while (!HasContent(stream.Current));
            return committed;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Moves to the next update. A failure ends the stream; it isn't thrown but left in <see cref="Failure"/>.</summary>
    public ValueTask<bool> MoveNextAsync()
    {
        if (_position + 1 < _updates.Count)
        {
            _position++;
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
    public ChatResponse ToChatResponse() => StreamedText.ToChatResponse(_updates);

    /// <summary>Gets the text seen so far.</summary>
    public string TextSoFar() => StreamedText.Of(_updates);

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    // Role-only, empty and usage-only pieces are no content.
    private static bool HasContent(ChatResponseUpdate update)
    {
        IList<AIContent> contents = update.Contents;
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
            _updates.Add(_stream.Current);
            _position++;
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
