using IntegrationLayer.Sdk.Execution;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>A whole answer given as a stream, for servers that ignore the wish for one.</summary>
internal sealed class WholeAnswerStream(GatewayResponse answer) : GatewayStream
{
    private readonly LlmResponseUpdate[] _updates = Array.ConvertAll(answer.Content.ToChatResponseUpdates(), static u => new LlmResponseUpdate(u));
    private int _index = -1;

    public override GatewayInfo Info => answer.Info;

    public override LlmResponseUpdate Current => _updates[_index];

    public override UsageDetails? Usage => answer.Content.Usage;

    public override ValueTask<bool> MoveNextAsync() => new(++_index < _updates.Length);

    public override ValueTask DisposeAsync() => default;
}
