using System.Globalization;
using IntegrationLayer.Sdk.Usage;

namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>Cuts a query's range into parts, each summed up from the table of the longest time that fits: whole days from days, the edges from hours, minutes and records.</summary>
internal sealed class QueryPlan
{
    private readonly UsageQuery _query;
    private readonly KeptTimes _kept;
    private readonly UsageLevel[] _levels;
    private readonly List<QueryPart> _parts = [];

    private QueryPlan(UsageQuery query, KeptTimes kept)
    {
        _query = query;
        _kept = kept;
        _levels = LevelsFor(query);
        Cover(query.From.UtcTicks, query.To.UtcTicks, 0);
        _parts.Sort((left, right) => left.From.CompareTo(right.From));
    }

    /// <summary>Gets the parts, in the order of time.</summary>
    public IReadOnlyList<QueryPart> Parts => _parts;

    /// <summary>Makes a plan.</summary>
    /// <exception cref="UsageQueryException">The query reaches back to a time of which only sums of longer times are kept.</exception>
    public static QueryPlan Of(UsageQuery query, KeptTimes kept) => new(query, kept);

    // From the longest time to the shortest.
    private static UsageLevel[] LevelsFor(UsageQuery query)
    {
        UsageDimension[] used = [.. query.GroupBy, .. query.Filters.Select(filter => filter.Dimension)];
        if (used.Any(dimension => dimension.TagKey is not null))
        {
            return [UsageLevel.Records];
        }

        UsageLevel[] all = used.Contains(UsageDimension.User) || used.Contains(UsageDimension.Key)
            ? [UsageLevel.DaysOfCallers, UsageLevel.Records]
            : [UsageLevel.Days, UsageLevel.Hours, UsageLevel.Minutes, UsageLevel.Records];
        long slice = query.Bucket switch
        {
            UsageBucket.Minute => TimeSpan.TicksPerMinute,
            UsageBucket.Hour => TimeSpan.TicksPerHour,
            _ => TimeSpan.TicksPerDay,
        };
        return [.. all.Where(level => level.UnitTicks <= slice)];
    }

    private void Cover(long from, long to, int index)
    {
        if (from >= to)
        {
            return;
        }

        if (index == _levels.Length)
        {
            Approximate(from, to);
            return;
        }

        UsageLevel level = _levels[index];
        long first = Ceiling(Math.Max(from, _kept[level]), level.UnitTicks);
        long last = to - (to % level.UnitTicks);
        if (first >= last)
        {
            Cover(from, to, index + 1);
            return;
        }

        Cover(from, first, index + 1);
        _parts.Add(new QueryPart(level, first, last));
        Cover(last, to, index + 1);
    }

    // No table is fine enough any more: the edge is widened to whole units of the finest that is left. What is kept begins with a day, so each day is looked at by itself.
    private void Approximate(long from, long to)
    {
        for (long day = from - (from % TimeSpan.TicksPerDay); day < to; day += TimeSpan.TicksPerDay)
        {
            UsageLevel? finest = Array.FindLast(_levels, level => _kept[level] <= day);
            if (finest is null)
            {
                // Older than everything, unless longer times would have it.
                RefuseIfKeptLonger(day);
                continue;
            }

            long start = Math.Max(from, day);
            long end = Ceiling(Math.Min(to, day + TimeSpan.TicksPerDay), finest.UnitTicks);
            _parts.Add(new QueryPart(finest, start - (start % finest.UnitTicks), end));
        }
    }

    private void RefuseIfKeptLonger(long day)
    {
        if (!UsageLevel.All.Any(level => _kept[level] <= day))
        {
            return;
        }

        DateTime kept = new(_levels.Min(level => _kept[level]));
        bool isForTag = _levels is [{ IsRecords: true }] && _query.Bucket is not UsageBucket.Minute;
        throw isForTag
            ? new UsageQueryException(
                string.Create(CultureInfo.InvariantCulture, $"From is {_query.From:O}, but single records, which tags need, are kept from {kept:O}. Set From to that or later, leave the tag out, or raise AnalyticsOptions.KeepRecords."),
                nameof(UsageQuery.From))
            : new UsageQueryException(
                string.Create(CultureInfo.InvariantCulture, $"From is {_query.From:O}, but slices of one {_query.Bucket} are kept from {kept:O}. Set From to that or later, use a longer Bucket, or raise what AnalyticsOptions keeps."),
                nameof(UsageQuery.From));
    }

    private static long Ceiling(long ticks, long unit) => (ticks + unit - 1) / unit * unit;
}
