using IntegrationLayer.Sdk.Usage;

namespace IntegrationLayer.Sdk.Tests.Usage;

public sealed class UsageForecastTests
{
    // A Monday.
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void Few_days_go_on_at_their_mean()
    {
        // 3 dollars in 2 days, 28 days to go: 3 + 28 x 1.5. The days' deviation is 0.7071.
        UsageForecast forecast = Forecast(until: Start.AddDays(30), days: [1, 2]);

        Assert.That(forecast.CostUsd, Is.EqualTo(45m));
        Assert.That((double)forecast.HighUsd, Is.EqualTo(45 + (1.28155 * 0.70711 * Math.Sqrt(28))).Within(0.001));
        Assert.That((double)forecast.LowUsd, Is.EqualTo(45 - (1.28155 * 0.70711 * Math.Sqrt(28))).Within(0.001));
    }

    [Test]
    public void Weekdays_and_weekends_differ_once_there_are_two_weeks()
    {
        // 5 dollars on working days, 1 at weekends, 2 weeks; then a Monday to a Sunday.
        UsageForecast forecast = Forecast(until: Start.AddDays(21), days: [5, 5, 5, 5, 5, 1, 1, 5, 5, 5, 5, 5, 1, 1]);

        Assert.That(forecast, Is.EqualTo(new UsageForecast(Start.AddDays(21), 81m, 81m, 81m)));
    }

    [Test]
    public void Bound_is_never_under_what_was_paid()
    {
        UsageForecast forecast = Forecast(until: Start.AddDays(3), days: [100, 0]);

        Assert.That((forecast.LowUsd, forecast.CostUsd), Is.EqualTo((100m, 150m)));
    }

    [Test]
    public void Part_of_the_range_that_is_to_come_counts_as_to_come()
    {
        var report = new UsageReportBuilder(new UsageQuery { From = Start, To = Start.AddDays(4), ForecastTo = Start.AddDays(8) });
        report.Add(Start, [], new UsageTotals { ExactCostNanoUsd = 2_000_000_000 });

        Assert.That(report.Build(now: Start.AddDays(1)).Forecast!.CostUsd, Is.EqualTo(16m));
    }

    [Test]
    public void Range_that_has_not_begun_costs_nothing()
    {
        var report = new UsageReportBuilder(new UsageQuery { From = Start, To = Start.AddDays(4), ForecastTo = Start.AddDays(8) });

        Assert.That(report.Build(now: Start.AddDays(-1)).Forecast!.CostUsd, Is.Zero);
    }

    private static UsageForecast Forecast(DateTimeOffset until, long[] days)
    {
        var report = new UsageReportBuilder(new UsageQuery { From = Start, To = Start.AddDays(days.Length), ForecastTo = until });
        for (int i = 0; i < days.Length; i++)
        {
            report.Add(Start.AddDays(i).AddHours(9), [], new UsageTotals { ExactCostNanoUsd = days[i] * 1_000_000_000 });
        }

        return report.Build(Start.AddDays(days.Length)).Forecast!;
    }
}
