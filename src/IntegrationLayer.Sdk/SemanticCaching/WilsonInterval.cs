namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Between which bounds a rate lies of which a sample is known (Wilson 1927), at 95 % on either side.</summary>
internal static class WilsonInterval
{
    private const double Deviations = 1.645;

    /// <summary>Gets the bounds.</summary>
    /// <param name="count">How often it happened.</param>
    /// <param name="total">How often it could have.</param>
    /// <returns>From 0 to 1; all is possible without a sample.</returns>
    public static (double Lower, double Upper) Of(double count, double total)
    {
        if (total <= 0)
        {
            return (0, 1);
        }

        double rate = count / total;
        double square = Deviations * Deviations;
        double middle = rate + (square / (2 * total));
        double spread = Deviations * Math.Sqrt(((rate * (1 - rate)) + (square / (4 * total))) / total);
        double scale = 1 + (square / total);
        return (Math.Max(0, (middle - spread) / scale), Math.Min(1, (middle + spread) / scale));
    }
}
