namespace IntegrationLayer.Sdk.Usage;

/// <summary>Where time slices begin.</summary>
internal static class UsageBuckets
{
    /// <summary>Gets the beginning of the slice that a moment lies in, in UTC; the least moment for <see cref="UsageBucket.Total"/>.</summary>
    public static DateTimeOffset StartOf(UsageBucket bucket, DateTimeOffset at)
    {
        DateTime utc = at.UtcDateTime;
        DateTime start = bucket switch
        {
            UsageBucket.Minute => new(utc.Ticks - (utc.Ticks % TimeSpan.TicksPerMinute)),
            UsageBucket.Hour => new(utc.Ticks - (utc.Ticks % TimeSpan.TicksPerHour)),
            UsageBucket.Day => utc.Date,
            UsageBucket.Week => utc.Date.AddDays(-(((int)utc.DayOfWeek + 6) % 7)),
            UsageBucket.Month => new(utc.Year, utc.Month, 1),
            _ => DateTime.MinValue,
        };
        return new DateTimeOffset(start.Ticks, TimeSpan.Zero);
    }

    /// <summary>Gets the end of the slice that a moment lies in; the greatest moment for <see cref="UsageBucket.Total"/>.</summary>
    public static DateTimeOffset EndOf(UsageBucket bucket, DateTimeOffset at)
    {
        DateTimeOffset start = StartOf(bucket, at);
        return bucket switch
        {
            UsageBucket.Minute => start.AddMinutes(1),
            UsageBucket.Hour => start.AddHours(1),
            UsageBucket.Day => start.AddDays(1),
            UsageBucket.Week => start.AddDays(7),
            UsageBucket.Month => start.AddMonths(1),
            _ => DateTimeOffset.MaxValue,
        };
    }

    /// <summary>Gets how many slices a range has, at most.</summary>
    public static double CountIn(UsageBucket bucket, TimeSpan range) => bucket switch
    {
        UsageBucket.Minute => range.TotalMinutes,
        UsageBucket.Hour => range.TotalHours,
        UsageBucket.Day => range.TotalDays,
        UsageBucket.Week => range.TotalDays / 7,
        UsageBucket.Month => range.TotalDays / 28,
        _ => 1,
    };
}
