namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>From which moment on each table has everything, in ticks. Always the beginning of a day in UTC.</summary>
internal sealed class KeptTimes
{
    private readonly Dictionary<UsageLevel, long> _from = [];

    /// <summary>Gets or sets the moment of a table; the beginning of the calendar if nothing was ever deleted in it.</summary>
    public long this[UsageLevel level]
    {
        get => _from.GetValueOrDefault(level);
        set => _from[level] = value - (value % TimeSpan.TicksPerDay);
    }

    /// <summary>Gets what options say should be kept at a moment.</summary>
    public static KeptTimes At(DateTimeOffset now, AnalyticsOptions options) => new()
    {
        [UsageLevel.Records] = (now - options.KeepRecords).UtcTicks,
        [UsageLevel.Minutes] = (now - options.KeepMinutes).UtcTicks,
        [UsageLevel.Hours] = (now - options.KeepHours).UtcTicks,
        [UsageLevel.Days] = (now - options.KeepDays).UtcTicks,
        [UsageLevel.DaysOfCallers] = (now - options.KeepDays).UtcTicks,
    };
}
