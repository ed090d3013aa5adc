using FsCheck;
using FsCheck.Fluent;
using IntegrationLayer.Sdk.Budgets;

namespace IntegrationLayer.Sdk.Tests.Budgets;

internal sealed class BudgetWindowTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    // Clock changes at midnight, of half an hour, of a whole day, and none.
    private static readonly TimeZoneInfo[] Zones =
    [
        TimeZoneInfo.Utc, Berlin, .. new[] { "America/Sao_Paulo", "America/Havana", "Africa/Cairo", "Asia/Beirut", "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns", "Asia/Kathmandu" }
            .Select(TimeZoneInfo.FindSystemTimeZoneById),
    ];

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public Property Every_moment_lies_in_one_period_and_periods_follow_each_other() => Prop.ForAll(
        Windows().ToArbitrary(),
        Moments().ToArbitrary(),
        (window, moment) =>
        {
            BudgetPeriod period = window.PeriodAt(moment);
            BudgetPeriod next = window.PeriodAt(period.End);
            BudgetPeriod last = window.PeriodAt(period.Start.AddTicks(-1));
            return (period.Contains(moment) && next.Start == period.End && last.End == period.Start
                && window.PeriodAt(period.Start) == period && window.PeriodAt(period.End.AddTicks(-1)) == period)
                .Label($"{window} at {moment:o}: {last} {period} {next}");
        });

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public Property Period_begins_on_its_day_at_midnight_or_at_the_change_that_skips_it() => Prop.ForAll(
        Windows().ToArbitrary(),
        Moments().ToArbitrary(),
        (window, moment) =>
        {
            DateTime local = TimeZoneInfo.ConvertTime(window.PeriodAt(moment).Start, window.TimeZone).DateTime;
            bool isMidnight = local.TimeOfDay == TimeSpan.Zero || window.TimeZone.IsInvalidTime(local.Date);
            bool isDay = window.Kind switch
            {
                BudgetWindowKind.Week => local.DayOfWeek == window.StartDayOfWeek,
                BudgetWindowKind.Month => local.Day == window.StartDay,
                BudgetWindowKind.Quarter => local.Day == window.StartDay && (local.Month - window.StartMonth + 12) % 3 == 0,
                BudgetWindowKind.Year => local.Day == window.StartDay && local.Month == window.StartMonth,
                _ => true,
            };

            // Samoa skipped a whole day: what began on it begins on the next.
            return ((isMidnight && isDay) || window.TimeZone.Id == "Pacific/Apia").Label($"{window} at {moment:o} begins {local:o}");
        });

    [TestCase("2026-03-29T12:00:00Z", 23)]
    [TestCase("2026-10-25T12:00:00Z", 25)]
    [TestCase("2026-06-01T12:00:00Z", 24)]
    public void Days_of_clock_changes_are_shorter_or_longer(string moment, int hours)
    {
        BudgetPeriod day = BudgetWindow.Day(Berlin).PeriodAt(DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture));

        Assert.That(day.End - day.Start, Is.EqualTo(TimeSpan.FromHours(hours)));
    }

    [Test]
    public void Fiscal_year_quarter_and_month_begin_where_they_are_told_to()
    {
        DateTimeOffset moment = new(2026, 3, 5, 12, 0, 0, TimeSpan.Zero);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(BudgetWindow.Year(startMonth: 4, startDay: 6).PeriodAt(moment), Is.EqualTo(Period("2025-04-06", "2026-04-06")));
            Assert.That(BudgetWindow.Quarter(startMonth: 2).PeriodAt(moment), Is.EqualTo(Period("2026-02-01", "2026-05-01")));
            Assert.That(BudgetWindow.Month(startDay: 15).PeriodAt(moment), Is.EqualTo(Period("2026-02-15", "2026-03-15")));
            Assert.That(BudgetWindow.Week(startDay: DayOfWeek.Sunday).PeriodAt(moment), Is.EqualTo(Period("2026-03-01", "2026-03-08")));
            Assert.That(BudgetWindow.Rolling(TimeSpan.FromHours(1)).PeriodAt(moment).Start, Is.EqualTo(moment.AddHours(-1)));
            Assert.That(BudgetWindow.Total.PeriodAt(moment), Is.EqualTo(new BudgetPeriod(DateTimeOffset.MinValue, DateTimeOffset.MaxValue)));
        }
    }

    [Test]
    public void Window_that_not_every_month_has_is_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => BudgetWindow.Month(startDay: 29), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("day 29"));
        Assert.That(() => BudgetWindow.Year(startMonth: 13), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("month 13"));
        Assert.That(() => BudgetWindow.Rolling(TimeSpan.Zero), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("00:00:00"));
    });

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public Property Rolling_sum_never_forgets_too_early_and_not_much_too_late() => Prop.ForAll(
        Gen.Zip(Gen.Choose(0, 400), Gen.Choose(1, 9)).ListOf().ToArbitrary(),
        spent =>
        {
            const long length = 600;
            RollingSum sum = new(TimeSpan.FromTicks(length));
            List<(long At, long Amount)> all = [];
            long now = 1_000_000;
            foreach ((int wait, int amount) in spent)
            {
                now += wait;
                long kept = sum.Advance(now);
                long least = all.Where(s => now - s.At < length).Sum(s => s.Amount);
                long most = all.Where(s => now - s.At < length + (2 * length / 60)).Sum(s => s.Amount);
                if (kept < least || kept > most)
                {
                    return false.Label($"{kept} is not from {least} to {most}");
                }

                sum.Add(amount, now);
                all.Add((now, amount));
            }

            return true.ToProperty();
        });

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public Property Money_is_counted_up_never_down_and_comes_back_as_it_was() => Prop.ForAll(
        Gen.Zip(Gen.Choose(0, int.MaxValue), Gen.Choose(0, 14)).ToArbitrary(),
        money =>
        {
            decimal usd = new(money.Item1, 0, 0, false, (byte)money.Item2);
            long nanos = BudgetAmount.ToNanoUsd(usd);
            decimal back = BudgetAmount.FromNanoUsd(nanos);
            return (back >= usd && back - usd < 0.000_000_001m && (money.Item2 > 9 || back == usd)).Label($"{usd} {nanos} {back}");
        });

    private static BudgetPeriod Period(string start, string end) => new(Utc(start), Utc(end));

    private static DateTimeOffset Utc(string date) => new(DateTime.Parse(date, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero);

    private static Gen<BudgetWindow> Windows() =>
        from zone in Gen.Elements(Zones)
        from kind in Gen.Choose(0, 4)
        from day in Gen.Choose(1, 28)
        from month in Gen.Choose(1, 12)
        from weekday in Gen.Choose(0, 6)
        select kind switch
        {
            0 => BudgetWindow.Day(zone),
            1 => BudgetWindow.Week(zone, (DayOfWeek)weekday),
            2 => BudgetWindow.Month(zone, day),
            3 => BudgetWindow.Quarter(zone, month, day),
            _ => BudgetWindow.Year(zone, month, day),
        };

    private static Gen<DateTimeOffset> Moments() =>
        from minute in Gen.Choose(0, 60 * 24 * 365 * 30)
        select new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minute);
}
