namespace IntegrationLayer.Sdk.Testing.Faults;

/// <summary>Resets the connection.</summary>
internal sealed class ResetPeerToxic(TimeSpan after) : Toxic("reset_peer")
{
    internal override void Shape(ref FlowPlan plan, in FlowMoment moment) => plan.Reset(moment.Since + after);
}
