namespace IntegrationLayer.Sdk.Testing.Faults;

/// <summary>Closes the connection after so many bytes.</summary>
internal sealed class LimitDataToxic(long bytes) : Toxic("limit_data")
{
    internal override void Shape(ref FlowPlan plan, in FlowMoment moment)
    {
        long left = bytes - moment.Passed;
        if (left <= 0)
        {
            plan.Close(moment.Since);
        }

        plan.Count = (int)Math.Min(plan.Count, Math.Max(0, left));
    }
}
