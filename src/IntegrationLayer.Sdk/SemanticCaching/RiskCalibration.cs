namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Corrects the risks that a model estimates by a line through their log-odds (Platt 1999), which a few observations can move.</summary>
internal static class RiskCalibration
{
    /// <summary>From which risk on there is nothing to correct: such answers are never given.</summary>
    public const double Largest = 0.5;

    private const double Least = 1e-4;

    /// <summary>Gets what is known of the line before anything was seen: it changes nothing, and is uncertain by half a unit of log-odds and a fifth of slope.</summary>
    public static AcceptancePrior Prior { get; } = new([0, 1], [0.25, 0, 0, 0.04]);

    /// <summary>Gets the features of a risk: one, and the log-odds of being right.</summary>
    public static double[] FeaturesOf(double risk)
    {
        double bounded = Math.Clamp(risk, Least, 1 - Least);
        return [1, Math.Log((1 - bounded) / bounded)];
    }
}
