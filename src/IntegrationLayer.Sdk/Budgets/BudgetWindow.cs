using System.Globalization;

namespace IntegrationLayer.Sdk.Budgets;

/// <summary>How the time is cut in which a budget counts: calendar periods of a time zone, the last minutes or hours, or all time.</summary>
/// <remarks>
/// Calendar periods begin at the local midnight of their first day. Where a clock change leaves that midnight out, they begin at the change; where it
/// occurs twice, at the first: every moment belongs to exactly one period, which may be 23 or 25 hours long.
/// </remarks>
public sealed record BudgetWindow
{
    private const int LatestStartDay = 28;

    private static readonly TimeSpan ShortestRolling = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRolling = TimeSpan.FromDays(366);

    private BudgetWindow(BudgetWindowKind kind) => Kind = kind;

    /// <summary>Gets all time: a budget that is never renewed.</summary>
    public static BudgetWindow Total { get; } = new(BudgetWindowKind.Total);

    /// <summary>Gets the kind of window.</summary>
    public BudgetWindowKind Kind { get; }

    /// <summary>Gets the time zone of a calendar window.</summary>
    /// <value>The default is UTC.</value>
    public TimeZoneInfo TimeZone { get; private init; } = TimeZoneInfo.Utc;

    /// <summary>Gets the first day of a week.</summary>
    public DayOfWeek StartDayOfWeek { get; private init; } = DayOfWeek.Monday;

    /// <summary>Gets the day on which months, quarters and years begin.</summary>
    /// <value>From 1 to 28; the default is 1.</value>
    public int StartDay { get; private init; } = 1;

    /// <summary>Gets the month in which fiscal years begin, and which their quarters are counted from.</summary>
    /// <value>From 1 to 12; the default is 1.</value>
    public int StartMonth { get; private init; } = 1;

    /// <summary>Gets the length of a rolling window.</summary>
    public TimeSpan Length { get; private init; }

    /// <summary>Makes a window of the last minutes or hours.</summary>
    /// <param name="length">From 1 second to 366 days. What was spent leaves the window in sixtieths of it, never too early.</param>
    /// <returns>The window.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length is out of range.</exception>
    public static BudgetWindow Rolling(TimeSpan length) => length >= ShortestRolling && length <= LongestRolling
        ? new(BudgetWindowKind.Rolling) { Length = length }
        : throw new ArgumentOutOfRangeException(nameof(length), $"A rolling window of {length} is out of range; make it from {ShortestRolling} to {LongestRolling}.");

    /// <summary>Makes a window of calendar days.</summary>
    /// <param name="timeZone">Whose days; UTC if <see langword="null"/>.</param>
    /// <returns>The window.</returns>
    public static BudgetWindow Day(TimeZoneInfo? timeZone = null) => new(BudgetWindowKind.Day) { TimeZone = timeZone ?? TimeZoneInfo.Utc };

    /// <summary>Makes a window of calendar weeks.</summary>
    /// <param name="timeZone">Whose weeks; UTC if <see langword="null"/>.</param>
    /// <param name="startDay">Their first day.</param>
    /// <returns>The window.</returns>
    public static BudgetWindow Week(TimeZoneInfo? timeZone = null, DayOfWeek startDay = DayOfWeek.Monday) =>
        new(BudgetWindowKind.Week) { TimeZone = timeZone ?? TimeZoneInfo.Utc, StartDayOfWeek = startDay };

    /// <summary>Makes a window of months, which may begin on another day than the first.</summary>
    /// <param name="timeZone">Whose months; UTC if <see langword="null"/>.</param>
    /// <param name="startDay">The day on which they begin, from 1 to 28.</param>
    /// <returns>The window.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The day is out of range.</exception>
    public static BudgetWindow Month(TimeZoneInfo? timeZone = null, int startDay = 1) =>
        new(BudgetWindowKind.Month) { TimeZone = timeZone ?? TimeZoneInfo.Utc, StartDay = CheckedDay(startDay) };

    /// <summary>Makes a window of quarters of a fiscal year.</summary>
    /// <param name="timeZone">Whose quarters; UTC if <see langword="null"/>.</param>
    /// <param name="startMonth">The month in which the fiscal year begins, from 1 to 12.</param>
    /// <param name="startDay">The day on which it begins, from 1 to 28.</param>
    /// <returns>The window.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The month or day is out of range.</exception>
    public static BudgetWindow Quarter(TimeZoneInfo? timeZone = null, int startMonth = 1, int startDay = 1) =>
        new(BudgetWindowKind.Quarter) { TimeZone = timeZone ?? TimeZoneInfo.Utc, StartMonth = CheckedMonth(startMonth), StartDay = CheckedDay(startDay) };

    /// <summary>Makes a window of fiscal years.</summary>
    /// <param name="timeZone">Whose years; UTC if <see langword="null"/>.</param>
    /// <param name="startMonth">The month in which they begin, from 1 to 12.</param>
    /// <param name="startDay">The day on which they begin, from 1 to 28.</param>
    /// <returns>The window.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The month or day is out of range.</exception>
    public static BudgetWindow Year(TimeZoneInfo? timeZone = null, int startMonth = 1, int startDay = 1) =>
        new(BudgetWindowKind.Year) { TimeZone = timeZone ?? TimeZoneInfo.Utc, StartMonth = CheckedMonth(startMonth), StartDay = CheckedDay(startDay) };

    /// <summary>Gets the period that a moment lies in; of a rolling window, the one that ends with the moment.</summary>
    /// <param name="moment">The moment.</param>
    /// <returns>The period.</returns>
    public BudgetPeriod PeriodAt(DateTimeOffset moment)
    {
        switch (Kind)
        {
            case BudgetWindowKind.Total:
                return new(DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
            case BudgetWindowKind.Rolling:
                return new(moment.ToUniversalTime() - Length, moment.ToUniversalTime());
            default:
                // The local date leads to the right period or, near a clock change, to the one beside it.
                DateTime first = FirstDay(TimeZoneInfo.ConvertTime(moment, TimeZone).Date);
                DateTimeOffset start = StartOf(first);
                if (moment < start)
                {
                    return new(StartOf(Previous(first)), start);
                }

                DateTimeOffset end = StartOf(Next(first));
                return moment < end ? new(start, end) : new(end, StartOf(Next(Next(first))));
        }
    }

    /// <summary>Gives the window in a few words that tell it from every other: <c>month@Europe/Berlin+15</c>.</summary>
    /// <returns>The text, in the invariant culture.</returns>
    public override string ToString() => Kind switch
    {
        BudgetWindowKind.Total => "total",
        BudgetWindowKind.Rolling => string.Create(CultureInfo.InvariantCulture, $"last {Length:c}"),
        BudgetWindowKind.Day => $"day@{TimeZone.Id}",
        BudgetWindowKind.Week => $"week@{TimeZone.Id}+{StartDayOfWeek}",
        BudgetWindowKind.Month => string.Create(CultureInfo.InvariantCulture, $"month@{TimeZone.Id}+{StartDay}"),
        BudgetWindowKind.Quarter => string.Create(CultureInfo.InvariantCulture, $"quarter@{TimeZone.Id}+{StartMonth}-{StartDay}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"year@{TimeZone.Id}+{StartMonth}-{StartDay}"),
    };

    private static int CheckedDay(int day) => day is >= 1 and <= LatestStartDay
        ? day
        : throw new ArgumentOutOfRangeException(nameof(day), $"A period can't begin on day {day} of a month; choose one from 1 to {LatestStartDay}, which every month has.");

    private static int CheckedMonth(int month) => month is >= 1 and <= 12
        ? month
        : throw new ArgumentOutOfRangeException(nameof(month), $"There is no month {month}; choose one from 1 to 12.");

    private DateTime FirstDay(DateTime date) => Kind switch
    {
        BudgetWindowKind.Day => date,
        BudgetWindowKind.Week => date.AddDays(-(((int)date.DayOfWeek - (int)StartDayOfWeek + 7) % 7)),
        _ => FirstDayOfMonths(date),
    };

    // Months are counted from the start month, so that a quarter or a year begins where the count of months is a multiple of three or twelve.
    private DateTime FirstDayOfMonths(DateTime date)
    {
        int months = (date.Year * 12) + date.Month - 1 - (date.Day < StartDay ? 1 : 0);
        int since = (((months - (StartMonth - 1)) % Months) + Months) % Months;
        months -= since;
        return new DateTime(months / 12, (months % 12) + 1, StartDay);
    }

    private int Months => Kind switch { BudgetWindowKind.Month => 1, BudgetWindowKind.Quarter => 3, _ => 12 };

    private DateTime Next(DateTime first) => Kind switch
    {
        BudgetWindowKind.Day => first.AddDays(1),
        BudgetWindowKind.Week => first.AddDays(7),
        _ => first.AddMonths(Months),
    };

    private DateTime Previous(DateTime first) => Kind switch
    {
        BudgetWindowKind.Day => first.AddDays(-1),
        BudgetWindowKind.Week => first.AddDays(-7),
        _ => first.AddMonths(-Months),
    };

    private DateTimeOffset StartOf(DateTime localMidnight)
    {
        if (TimeZone.IsInvalidTime(localMidnight))
        {
            // The clock skips it: the day begins at the change, which is where the offset before it still leads.
            DateTimeOffset before = new(localMidnight, TimeZone.GetUtcOffset(localMidnight.AddDays(-1)));
            return before.ToUniversalTime();
        }

        TimeSpan offset = TimeZone.IsAmbiguousTime(localMidnight) ? TimeZone.GetAmbiguousTimeOffsets(localMidnight).Max() : TimeZone.GetUtcOffset(localMidnight);
        return new DateTimeOffset(localMidnight, offset).ToUniversalTime();
    }
}
