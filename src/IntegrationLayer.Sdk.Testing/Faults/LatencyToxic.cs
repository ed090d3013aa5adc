namespace IntegrationLayer.Sdk.Testing.Faults;

/// <summary>Adds to the delay of every chunk.</summary>
internal sealed class LatencyToxic(TimeSpan delay, TimeSpan jitter) : Toxic("latency")
{
    internal override void Shape(ref FlowPlan plan, in FlowMoment moment) => plan.Delay += delay + (jitter * moment.OfChunk);
}
