namespace IntegrationLayer.Sdk.Testing.Faults;

/// <summary>Cuts chunks into pieces.</summary>
internal sealed class SlicerToxic(int averageSize, int sizeVariation, TimeSpan delay) : Toxic("slicer")
{
    internal override void Shape(ref FlowPlan plan, in FlowMoment moment)
    {
        plan.Count = Math.Min(plan.Count, averageSize + (int)Math.Round(sizeVariation * moment.OfPiece));
        plan.Gap += delay;
    }
}
