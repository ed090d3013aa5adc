namespace IntegrationLayer.Sdk.Usage;

/// <summary>What each day cost, and what days to come will. <see cref="UsageForecast"/> says how.</summary>
internal sealed class DailyCosts
{
    private const int DaysForWeekdays = 14;

    // The 90th percentile of the normal distribution, in standard deviations.
    private const double NinetyPercent = 1.2815515655;

    private readonly Dictionary<DateOnly, long> _costs = [];
    private long _total;

    public void Add(DateTimeOffset at, long nanoUsd)
    {
        DateOnly day = DateOnly.FromDateTime(at.UtcDateTime);
        _costs[day] = _costs.GetValueOrDefault(day) + nanoUsd;
        _total += nanoUsd;
    }

    /// <summary>Tells what the range and the time after it will have cost.</summary>
    public UsageForecast Forecast(DateTimeOffset from, DateTimeOffset passed, DateTimeOffset until)
    {
        List<(DayOfWeek Weekday, double Cost)> days = WholeDays(from, passed);
        double elapsed = Math.Max((passed - from).TotalDays, 0);
        double perDay = elapsed > 0 ? _total / elapsed : 0;
        double expected = _total;
        double ahead = 0;
        for (DateTimeOffset at = passed < from ? from : passed; at < until;)
        {
            DateTimeOffset next = UsageBuckets.StartOf(UsageBucket.Day, at).AddDays(1);
            next = next < until ? next : until;
            double part = (next - at).TotalDays;
            expected += part * Expected(days, at.UtcDateTime.DayOfWeek, perDay);
            ahead += part;
            at = next;
        }

        double spread = NinetyPercent * Deviation(days) * Math.Sqrt(ahead);
        return new UsageForecast(until, ToUsd(expected), ToUsd(Math.Max(_total, expected - spread)), ToUsd(expected + spread));
    }

    private static double Expected(List<(DayOfWeek Weekday, double Cost)> days, DayOfWeek weekday, double perDay) =>
        days.Count >= DaysForWeekdays ? days.Where(day => day.Weekday == weekday).Average(day => day.Cost) : perDay;

    // About the mean of the same weekday, where that is what is expected.
    private static double Deviation(List<(DayOfWeek Weekday, double Cost)> days)
    {
        if (days.Count < 2)
        {
            return 0;
        }

        double mean = days.Average(day => day.Cost);
        double squares = days.Sum(day => Math.Pow(day.Cost - Expected(days, day.Weekday, mean), 2));
        return Math.Sqrt(squares / (days.Count - 1));
    }

    private static decimal ToUsd(double nano) => decimal.Round((decimal)nano / 1_000_000_000m, 9);

    private List<(DayOfWeek Weekday, double Cost)> WholeDays(DateTimeOffset from, DateTimeOffset passed)
    {
        List<(DayOfWeek, double)> days = [];
        DateTimeOffset start = UsageBuckets.StartOf(UsageBucket.Day, from);
        start = start < from ? start.AddDays(1) : start;
        for (DateTimeOffset day = start; day.AddDays(1) <= passed; day = day.AddDays(1))
        {
            days.Add((day.DayOfWeek, _costs.GetValueOrDefault(DateOnly.FromDateTime(day.UtcDateTime))));
        }

        return days;
    }
}
