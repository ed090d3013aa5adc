using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Resilience;

/// <summary>A gateway that answers with its name, unless told to fail.</summary>
internal sealed class ScriptedGateway(string name) : IModelGateway
{
    /// <summary>Refuses connections.</summary>
    public static readonly LlmException Refused = new("refused", LlmErrorClass.Network, LlmErrorSource.Gateway) { Code = "connect" };

    public NamedGateway Named => new(Word, this);

    public int Calls { get; private set; }

    /// <summary>What calls fail with.</summary>
    public Exception? Failure { get; set; }

    /// <summary>What streams say.</summary>
    public string Word { get; set; } = name;

    /// <summary>What streams break off with, after their word.</summary>
    public LlmException? Break { get; set; }

    /// <summary>Runs before each answer.</summary>
    public Func<CancellationToken, Task> OnCall { get; set; } = _ => Task.CompletedTask;

    public async ValueTask<GatewayResponse> SendAsync(GatewayCall call, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken);
        return new GatewayResponse(new ChatResponse(new ChatMessage(ChatRole.Assistant, Word)), new GatewayInfo(200));
    }

    public async ValueTask<GatewayStream> OpenStreamAsync(GatewayCall call, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken);
        return new OneWordStream(Word, Break);
    }

    public async ValueTask<GatewayEmbeddings> EmbedAsync(GatewayEmbeddingCall call, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken);
        return new GatewayEmbeddings([new Embedding<float>(new float[] { 1 }) { ModelId = Word }], new GatewayInfo(200));
    }

    private async Task EnterAsync(CancellationToken cancellationToken)
    {
        Calls++;
        await OnCall(cancellationToken);
        if (Failure is not null)
        {
            throw Failure;
        }
    }

    private sealed class OneWordStream(string word, LlmException? failure) : GatewayStream
    {
        private bool _isRead;

        public override GatewayInfo Info => new(200, word);

        public override LlmResponseUpdate Current => new(new ChatResponseUpdate(ChatRole.Assistant, word));

        public override UsageDetails? Usage => new() { InputTokenCount = 1 };

        public override ValueTask<bool> MoveNextAsync()
        {
            (bool isFirst, _isRead) = (!_isRead, true);
            return isFirst || failure is null ? new(isFirst) : throw failure;
        }

        public override ValueTask DisposeAsync() => default;
    }
}
