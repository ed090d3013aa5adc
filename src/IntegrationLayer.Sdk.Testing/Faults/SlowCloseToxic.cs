namespace IntegrationLayer.Sdk.Testing.Faults;

/// <summary>Delays the end.</summary>
internal sealed class SlowCloseToxic(TimeSpan delay) : Toxic("slow_close")
{
    internal override void Shape(ref FlowPlan plan, in FlowMoment moment) => plan.EndDelay += delay;
}
