using IntegrationLayer.Sdk.Analytics.Storage;
using IntegrationLayer.Sdk.Usage;

namespace IntegrationLayer.Sdk.Analytics.Tests.Storage;

public sealed class QueryPlanTests
{
    private static readonly DateTimeOffset Day = new(2026, 1, 10, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void Whole_days_come_from_days_and_the_edges_from_shorter_times()
    {
        UsageQuery query = new() { From = Day.AddHours(21).AddMinutes(58).AddSeconds(59), To = Day.AddDays(3).AddHours(1).AddMinutes(1).AddTicks(1) };

        Assert.That(Describe(query), Is.EqualTo(new[]
        {
            "il_usage 10 21:58:59 - 10 21:59:00", "il_minute 10 21:59:00 - 10 22:00:00", "il_hour 10 22:00:00 - 11 00:00:00",
            "il_day 11 00:00:00 - 13 00:00:00",
            "il_hour 13 00:00:00 - 13 01:00:00", "il_minute 13 01:00:00 - 13 01:01:00", "il_usage 13 01:01:00 - 13 01:01:00",
        }));
    }

    [TestCase(UsageBucket.Total, "il_day")]
    [TestCase(UsageBucket.Month, "il_day")]
    [TestCase(UsageBucket.Week, "il_day")]
    [TestCase(UsageBucket.Day, "il_day")]
    [TestCase(UsageBucket.Hour, "il_hour")]
    [TestCase(UsageBucket.Minute, "il_minute")]
    public void Sums_are_no_longer_than_a_slice(UsageBucket bucket, string table) => Assert.That(
        Describe(new UsageQuery { From = Day, To = Day.AddDays(2), Bucket = bucket }), Is.EqualTo(new[] { $"{table} 10 00:00:00 - 12 00:00:00" }));

    [Test]
    public void Users_and_keys_have_days_of_their_own_and_tags_have_records()
    {
        UsageQuery query = new() { From = Day, To = Day.AddDays(2).AddHours(1) };

        Assert.That(Describe(query with { GroupBy = [UsageDimension.User] }), Is.EqualTo(new[] { "il_day_caller 10 00:00:00 - 12 00:00:00", "il_usage 12 00:00:00 - 12 01:00:00" }));
        Assert.That(Describe(query with { Filters = [new UsageFilter(UsageDimension.Key, "k")] })[0], Does.StartWith("il_day_caller"));
        Assert.That(Describe(query with { GroupBy = [UsageDimension.Tag("a")] }), Is.EqualTo(new[] { "il_usage 10 00:00:00 - 12 01:00:00" }));
    }

    [Test]
    public void Edge_of_which_only_longer_sums_are_kept_is_widened_to_them()
    {
        UsageQuery query = new() { From = Day.AddHours(1), To = Day.AddDays(1).AddMinutes(90) };
        KeptTimes kept = new() { [UsageLevel.Records] = Day.AddDays(5).Ticks, [UsageLevel.Minutes] = Day.AddDays(5).Ticks, [UsageLevel.Hours] = Day.AddDays(1).Ticks };

        Assert.That(Describe(query, kept), Is.EqualTo(new[] { "il_day 10 00:00:00 - 11 00:00:00", "il_hour 11 00:00:00 - 11 01:00:00", "il_hour 11 01:00:00 - 11 02:00:00" }));
    }

    [Test]
    public void What_is_older_than_everything_is_nothing()
    {
        KeptTimes kept = new();
        foreach (UsageLevel level in UsageLevel.All)
        {
            kept[level] = Day.AddDays(1).Ticks;
        }

        Assert.That(Describe(new UsageQuery { From = Day.AddDays(-3), To = Day.AddDays(2) }, kept), Is.EqualTo(new[] { "il_day 11 00:00:00 - 12 00:00:00" }));
    }

    [Test]
    public void Tag_beyond_the_records_is_refused_with_the_cure() => Assert.That(
        () => QueryPlan.Of(new UsageQuery { From = Day, To = Day.AddDays(2), GroupBy = [UsageDimension.Tag("a")] }, new KeptTimes { [UsageLevel.Records] = Day.AddDays(1).Ticks }),
        Throws.TypeOf<UsageQueryException>().With.Message.Contains("kept from 2026-01-11").And.Message.Contains("KeepRecords").And.Property(nameof(ArgumentException.ParamName)).EqualTo("From"));

    [Test]
    public void Slices_beyond_the_sums_are_refused_with_the_cure() => Assert.That(
        () => QueryPlan.Of(
            new UsageQuery { From = Day, To = Day.AddDays(2), Bucket = UsageBucket.Minute },
            new KeptTimes { [UsageLevel.Records] = Day.AddDays(3).Ticks, [UsageLevel.Minutes] = Day.AddDays(1).Ticks }),
        Throws.TypeOf<UsageQueryException>().With.Message.Contains("slices of one Minute are kept from 2026-01-11").And.Message.Contains("longer Bucket"));

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public bool Parts_cover_the_range_without_a_gap_and_without_overlap(uint start, uint length, byte bucket)
    {
        DateTimeOffset from = Day.AddTicks(start * 997L);
        UsageQuery query = new() { From = from, To = from.AddTicks((length * 9_973L) + 1), Bucket = (UsageBucket)(bucket % 6) };
        IReadOnlyList<QueryPart> parts = QueryPlan.Of(query, new KeptTimes()).Parts;
        return parts[0].From == query.From.Ticks && parts[^1].To == query.To.Ticks
            && parts.Zip(parts.Skip(1)).All(pair => pair.First.To == pair.Second.From)
            && parts.All(part => part.From < part.To && part.From % part.Level.UnitTicks == 0 && part.To % part.Level.UnitTicks == 0);
    }

    private static string[] Describe(UsageQuery query, KeptTimes? kept = null) =>
        [.. QueryPlan.Of(query, kept ?? new KeptTimes()).Parts.Select(part => $"{part.Level.Table} {new DateTime(part.From):dd HH:mm:ss} - {new DateTime(part.To):dd HH:mm:ss}")];
}
