namespace IntegrationLayer.Sdk.Usage;

/// <summary>Money as whole billionths of a US dollar, so that sums are exact in any order.</summary>
internal static class NanoUsd
{
    private const decimal PerUsd = 1_000_000_000m;

    /// <summary>Converts an amount, rounded half away from zero; up to about 9.2 billion US dollars.</summary>
    public static long From(decimal usd)
    {
        if (usd == 0m)
        {
            return 0;
        }

        decimal nano = decimal.Round(usd * PerUsd, MidpointRounding.AwayFromZero);
        return nano >= long.MaxValue ? long.MaxValue : nano <= long.MinValue ? long.MinValue : (long)nano;
    }

    /// <summary>Converts back.</summary>
    public static decimal ToUsd(long nano) => nano / PerUsd;
}
