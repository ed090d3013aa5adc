using IntegrationLayer.Sdk.Execution;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Benchmarks;

/// <summary>A gateway that answers at once, always the same.</summary>
internal sealed class CannedGateway : IModelGateway
{
    private readonly GatewayResponse _answer = new(
        new ChatResponse(new ChatMessage(ChatRole.Assistant, "The invoice is due on the thirtieth day."))
        {
            ModelId = "gpt-4o-mini",
            FinishReason = ChatFinishReason.Stop,
            Usage = new UsageDetails { InputTokenCount = 64, OutputTokenCount = 52, TotalTokenCount = 116 },
        },
        new GatewayInfo(200));

    public ValueTask<GatewayResponse> SendAsync(GatewayCall call, CancellationToken cancellationToken) => new(_answer);

    public ValueTask<GatewayStream> OpenStreamAsync(GatewayCall call, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<GatewayEmbeddings> EmbedAsync(GatewayEmbeddingCall call, CancellationToken cancellationToken) => throw new NotSupportedException();
}
