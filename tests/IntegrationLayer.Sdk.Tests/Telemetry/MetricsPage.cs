using System.Globalization;
using System.Text;
using IntegrationLayer.Sdk.Telemetry;

namespace IntegrationLayer.Sdk.Tests.Telemetry;

/// <summary>Writes docs/metrics.md from the table of instruments.</summary>
internal static class MetricsPage
{
    public const string Command = "REWRITE=1 dotnet test tests/IntegrationLayer.Sdk.Tests --filter Metrics_page_says_what_is_recorded";

    public static string Write()
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            # Metrics

            Every instrument of the SDK, written from the table in the code: `{Command}` writes this page anew. [telemetry.md](telemetry.md) says how to
            collect them, and what the levels are. A histogram's buckets are advice, which the OpenTelemetry SDK takes unless a view says otherwise. `series` is the most
            time series that one process makes of an instrument, a histogram's buckets not counted.


            """);
        foreach (IGrouping<TelemetryLevel, InstrumentSpec> level in InstrumentTable.All.GroupBy(s => s.Level).OrderBy(g => g.Key))
        {
            page.Append(CultureInfo.InvariantCulture, $"## {level.Key}\n\n| instrument | kind, unit | what a value is | attributes | series |\n|---|---|---|---|---|\n");
            foreach (InstrumentSpec spec in level)
            {
                page.Append(CultureInfo.InvariantCulture, $"| {NameOf(spec)} | {KindOf(spec.Kind)}, `{spec.Unit}` | {spec.Description} | {AttributesOf(spec)} | {SeriesOf(spec)} |\n");
            }

            page.Append('\n');
        }

        page.Append("""
            ¹ only with the newest conventions, where it stands for the instrument that it replaces. ² recorded by .NET: add its meters, `System.Net.Http` and
            `System.Net.NameResolution`. ³ a reserved name: nothing is recorded before the part of the SDK that it belongs to is there.

            ## Attributes

            | attribute | at most | values |
            |---|---|---|

            """);
        foreach (AttributeSpec attribute in InstrumentTable.All.SelectMany(s => s.Attributes).OrderByDescending(a => a.Maximum).DistinctBy(a => (a.Name, a.Values)).OrderBy(a => a.Name, StringComparer.Ordinal))
        {
            page.Append(CultureInfo.InvariantCulture, $"| `{attribute.Name}` | {attribute.Maximum} | {attribute.Values} |\n");
        }

        page.Append("\n## Buckets\n\n| buckets | instruments |\n|---|---|\n");
        foreach (IGrouping<string, InstrumentSpec> buckets in InstrumentTable.All.Where(s => s.Buckets.Count > 0).GroupBy(s => string.Join(", ", s.Buckets.Select(b => b.ToString(CultureInfo.InvariantCulture)))))
        {
            page.Append(CultureInfo.InvariantCulture, $"| {buckets.Key} | {string.Join(", ", buckets.Select(s => $"`{s.Name}`"))} |\n");
        }

        return page.ToString();
    }

    private static string NameOf(InstrumentSpec spec) => $"`{spec.Name}`{(spec.LatestName is { } latest ? $", or `{latest}`" : "")}" + spec.Source switch
    {
        InstrumentSource.LatestConventions => " ¹",
        InstrumentSource.Platform => " ²",
        InstrumentSource.Reserved => " ³",
        _ => "",
    };

    private static string KindOf(InstrumentKind kind) => kind is InstrumentKind.UpDownCounter ? "up-down counter" : kind.ToString().ToLowerInvariant();

    private static string AttributesOf(InstrumentSpec spec) => spec.Attributes.Count == 0 ? "" : string.Join(", ", spec.Attributes.Select(a => $"`{a.Name}`"));

    private static string SeriesOf(InstrumentSpec spec) => spec.Source is InstrumentSource.Sdk or InstrumentSource.LatestConventions ? spec.MaxSeries.ToString(CultureInfo.InvariantCulture) : "";
}
