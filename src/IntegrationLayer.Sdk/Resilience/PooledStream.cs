using IntegrationLayer.Sdk.Execution;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>A stream that keeps its place at an endpoint until it is closed; how it ended is then told to the endpoint's health.</summary>
internal sealed class PooledStream(GatewayStream stream, EndpointSlot slot, bool isOnly) : GatewayStream
{
    private int _isClosed;
    private CallOutcome _outcome = CallOutcome.Success;

    public override GatewayInfo Info => stream.Info;

    public override LlmResponseUpdate Current => stream.Current;

    public override UsageDetails? Usage => stream.Usage;

    public override long BytesReceived => stream.BytesReceived;

    public override bool HasOpenToolCall => stream.HasOpenToolCall;

    /// <inheritdoc/>
    public override CallTimer? Timer
    {
        get => stream.Timer;
        set => stream.Timer = value;
    }

    public override ValueTask<bool> MoveNextAsync() => stream.MoveNextAsync();

    public override IReadOnlyList<FunctionCallContent> TakeWholeToolCalls() => stream.TakeWholeToolCalls();

    public override void Failed(LlmException failure)
    {
        // Where there is no other endpoint to go to, keeping away from one that answers would only make more calls fail.
        CallOutcome outcome = EndpointDiagnosis.OfBroken(failure);
        _outcome = isOnly && outcome is CallOutcome.Truncated ? CallOutcome.Neutral : outcome;
        stream.Failed(failure);
    }

    public override ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            slot.Report(_outcome);
            slot.Free();
        }

        return stream.DisposeAsync();
    }
}
