namespace IntegrationLayer.Sdk.Models;

/// <summary>A time of day, in UTC, at which a price applies.</summary>
public sealed record PriceWindow
{
    private const int MinutesPerDay = 24 * 60;

    /// <summary>Gets the days of the week, in UTC.</summary>
    /// <value>Empty means every day.</value>
    public IReadOnlyList<DayOfWeek> Days { get; init; } = [];

    /// <summary>Gets the minute of the day at which it begins, from 0 to 1,439.</summary>
    public int StartMinute { get; init; }

    /// <summary>Gets the minute of the day before which it ends, from 1 to 1,440.</summary>
    /// <value>The default is 1,440. A value not above <see cref="StartMinute"/> means that it ends on the next day.</value>
    public int EndMinute { get; init; } = MinutesPerDay;

    /// <summary>Says whether a moment lies in the window.</summary>
    /// <param name="at">The moment, in any time zone.</param>
    public bool Contains(DateTimeOffset at)
    {
        DateTime utc = at.UtcDateTime;
        int minute = (utc.Hour * 60) + utc.Minute;
        if (StartMinute < EndMinute)
        {
            return minute >= StartMinute && minute < EndMinute && Includes(utc.DayOfWeek);
        }

        return (minute >= StartMinute && Includes(utc.DayOfWeek))
            || (minute < EndMinute && Includes(utc.AddDays(-1).DayOfWeek));
    }

    private bool Includes(DayOfWeek day)
    {
        if (Days.Count == 0)
        {
            return true;
        }

        foreach (DayOfWeek included in Days)
        {
            if (included == day)
            {
                return true;
            }
        }

        return false;
    }
}
