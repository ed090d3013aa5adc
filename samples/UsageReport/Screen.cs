using System.Globalization;
using IntegrationLayer.Sdk.Usage;
using Spectre.Console;

namespace UsageReportSample;

/// <summary>Shows reports as tables and charts.</summary>
internal sealed class Screen
{
    private const int Width = 110;

    private readonly IUsageAnalytics _analytics;
    private readonly DateTimeOffset _today;
    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings());

    public Screen(IUsageAnalytics analytics, DateTimeOffset today)
    {
        _analytics = analytics;
        _today = today;

        // Wide enough for the table where the output is no terminal.
        _console.Profile.Width = Math.Max(_console.Profile.Width, Width);
    }

    public async Task ShowTodayAsync()
    {
        UsageReport report = await _analytics.QueryAsync(new UsageQuery
        {
            From = _today,
            To = DateTimeOffset.UtcNow,
            GroupBy = [UsageDimension.Tenant, UsageDimension.Model],
        });
        Table table = new Table().Title("Today, by tenant and model").AddColumns("tenant", "model", "requests", "refused", "tokens", "USD", "saved USD", "saved", "hit rate", "p95");
        foreach (UsageRow row in report.Rows)
        {
            table.AddRow(Cells(row.Group[0], row.Group[1], row.Totals));
        }

        _console.Write(table.AddRow(Cells("all", "", report.Total)));
    }

    public async Task ShowDaysAsync()
    {
        UsageReport report = await _analytics.QueryAsync(new UsageQuery { From = _today.AddDays(-13), To = _today.AddDays(1), Bucket = UsageBucket.Day });
        BarChart chart = new BarChart().Width(Width - 20).Label("Thousandths of a US dollar, by day");
        foreach (UsageRow row in report.Rows)
        {
            chart.AddItem(row.Start.ToString("ddd dd MMM", CultureInfo.InvariantCulture), (double)Math.Round(row.Totals.CostUsd * 1_000m, 1), Color.Teal);
        }

        _console.Write(chart);
    }

    public async Task ShowForecastAsync()
    {
        DateTimeOffset from = _today.AddDays(-21);
        UsageReport report = await _analytics.QueryAsync(new UsageQuery { From = from, To = DateTimeOffset.UtcNow, ForecastTo = _today.AddDays(9) });
        UsageForecast forecast = report.Forecast!;
        _console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{from:d MMMM} to now: {report.Total.CostUsd:0.000} USD. Forecast to {forecast.Until:d MMMM}: [bold]{forecast.CostUsd:0.000}[/] USD, between {forecast.LowUsd:0.000} and {forecast.HighUsd:0.000}.");
    }

    private static string[] Cells(string tenant, string model, UsageTotals totals) =>
    [
        tenant,
        model.Length > 0 ? model : "-",
        Text($"{totals.Requests}"),
        Text($"{totals.Denied}"),
        Text($"{totals.Tokens.TotalInput + totals.Tokens.TotalOutput:N0}"),
        Text($"{totals.CostUsd:0.0000}"),
        Text($"{totals.SavingUsd:0.0000}"),
        Text($"{totals.SavedShare:P0}"),
        Text($"{totals.HitRate:P0}"),
        Text($"{totals.Duration.Percentile(0.95).TotalMilliseconds:0} ms"),
    ];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
