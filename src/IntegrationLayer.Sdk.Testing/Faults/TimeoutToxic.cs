namespace IntegrationLayer.Sdk.Testing.Faults;

/// <summary>Holds everything back, and closes the connection in the end.</summary>
internal sealed class TimeoutToxic(TimeSpan? closeAfter) : Toxic("timeout")
{
    internal override void Shape(ref FlowPlan plan, in FlowMoment moment)
    {
        plan.IsHeld = true;
        if (closeAfter is { } after)
        {
            plan.Close(moment.Since + after);
        }
    }
}
