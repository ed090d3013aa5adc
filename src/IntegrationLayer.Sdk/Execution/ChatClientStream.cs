using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Execution;

/// <summary>A stream of an <see cref="IChatClient"/>. Its end counts as complete: the interface has no terminal event.</summary>
internal sealed class ChatClientStream(IAsyncEnumerator<ChatResponseUpdate> updates, string provider) : GatewayStream
{
    private UsageDetails? _usage;
    private LlmResponseUpdate? _current;

    public override GatewayInfo Info => new(200, provider);

    public override LlmResponseUpdate Current => _current ?? throw new InvalidOperationException("Call MoveNextAsync first.");

    public override UsageDetails? Usage => _usage;

    public override async ValueTask<bool> MoveNextAsync()
    {
        try
        {
            if (!await updates.MoveNextAsync().ConfigureAwait(false))
            {
                return false;
            }
        }
        catch (Exception e) when (ChatClientGateway.AsFailure(e) is { } failure)
        {
            throw failure;
        }

        _current = new LlmResponseUpdate(updates.Current);
        foreach (AIContent content in updates.Current.Contents)
        {
            if (content is UsageContent { Details: { } details })
            {
                (_usage ??= new UsageDetails()).Add(details);
            }
        }

        return true;
    }

    public override ValueTask DisposeAsync() => updates.DisposeAsync();
}
