namespace IntegrationLayer.Sdk.Testing.Faults;

/// <summary>Makes every byte take time, in pieces of a tenth of a second.</summary>
internal sealed class BandwidthToxic(int bytesPerSecond) : Toxic("bandwidth")
{
    private const int PiecesPerSecond = 10;

    internal override void Shape(ref FlowPlan plan, in FlowMoment moment)
    {
        plan.Count = Math.Min(plan.Count, Math.Max(1, bytesPerSecond / PiecesPerSecond));
        plan.SecondsPerByte += 1.0 / bytesPerSecond;
    }
}
