using System.Globalization;
using IntegrationLayer.Sdk.Usage;

namespace IntegrationLayer.Sdk.TestSupport.Usage;

/// <summary>Writes reports out in full, to compare them.</summary>
public static class UsageText
{
    public static string Of(UsageReport report) => string.Join('\n',
    [
        .. report.Rows.Select(row => $"{row.Start:O} [{string.Join('|', row.Group)}]{(row.IsOther ? " (others)" : "")} {Of(row.Totals)}"),
        $"total {Of(report.Total)}",
        string.Create(CultureInfo.InvariantCulture, $"forecast {report.Forecast}"),
    ]);

    public static string Of(UsageTotals totals) => string.Create(
        CultureInfo.InvariantCulture,
        $"requests {totals.Requests} errors {totals.Errors} denied {totals.Denied} cancelled {totals.Cancelled} hits {totals.CacheHits} misses {totals.CacheMisses} "
        + $"attempts {totals.Attempts} unpriced {totals.Unpriced} {totals.Tokens} exact {totals.ExactCostNanoUsd} estimated {totals.EstimatedCostNanoUsd} "
        + $"bound {totals.UpperBoundCostNanoUsd} wasted {totals.WastedNanoUsd} saved {totals.Saving} "
        + $"durations {Convert.ToHexString(totals.Duration.ToBytes())} first {Convert.ToHexString(totals.TimeToFirstToken.ToBytes())}");
}
