using IntegrationLayer.Sdk.Execution;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>A stream that keeps its place at an endpoint until it is closed.</summary>
internal sealed class PooledStream(GatewayStream stream, EndpointSlot slot) : GatewayStream
{
    private int _isClosed;

    public override GatewayInfo Info => stream.Info;

    public override LlmResponseUpdate Current => stream.Current;

    public override UsageDetails? Usage => stream.Usage;

    public override ValueTask<bool> MoveNextAsync() => stream.MoveNextAsync();

    public override ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            slot.Free();
        }

        return stream.DisposeAsync();
    }
}
