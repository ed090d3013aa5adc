namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>A table that requests can be summed up from: the records themselves, or sums over a time.</summary>
/// <param name="Table">The table's name.</param>
/// <param name="Column">The column that says when: ticks, or the number of the minute, hour or day since the calendar began.</param>
/// <param name="UnitTicks">How long one unit of the column is, in ticks.</param>
/// <param name="HasCallers">Whether users and keys are told apart.</param>
internal sealed record UsageLevel(string Table, string Column, long UnitTicks, bool HasCallers)
{
    public static UsageLevel Records { get; } = new("il_usage", "started_at", 1, true);

    public static UsageLevel Minutes { get; } = new("il_minute", "bucket", TimeSpan.TicksPerMinute, false);

    public static UsageLevel Hours { get; } = new("il_hour", "bucket", TimeSpan.TicksPerHour, false);

    public static UsageLevel Days { get; } = new("il_day", "bucket", TimeSpan.TicksPerDay, false);

    public static UsageLevel DaysOfCallers { get; } = new("il_day_caller", "bucket", TimeSpan.TicksPerDay, true);

    /// <summary>Gets every table of sums.</summary>
    public static IReadOnlyList<UsageLevel> Sums { get; } = [Minutes, Hours, Days, DaysOfCallers];

    /// <summary>Gets every table, from the shortest time to the longest.</summary>
    public static IReadOnlyList<UsageLevel> All { get; } = [Records, .. Sums];

    public bool IsRecords => UnitTicks == 1;
}
