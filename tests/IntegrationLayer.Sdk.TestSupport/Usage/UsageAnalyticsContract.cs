using IntegrationLayer.Sdk.Usage;
using NUnit.Framework;

namespace IntegrationLayer.Sdk.TestSupport.Usage;

/// <summary>What every store of usage records must answer. Implementations inherit it and make an empty store for each test.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class UsageAnalyticsContract
{
    /// <summary>The time of the store's clock: a Thursday, 18:30 UTC.</summary>
    protected static readonly DateTimeOffset Now = new(2026, 1, 15, 18, 30, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset Today = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);

    public static IEnumerable<UsageDimension> Dimensions => [.. UsageDimension.All, UsageDimension.Tag("feature"), UsageDimension.Tag("it's"), UsageDimension.Tag("never used")];

    protected abstract IUsageStore Store { get; }

    protected abstract IUsageAnalytics Analytics { get; }

    /// <summary>Waits until what was appended is in the answers.</summary>
    protected abstract Task FlushAsync();

    [Test]
    public async Task Empty_store_gives_an_empty_report()
    {
        UsageReport report = await Analytics.QueryAsync(Day() with { GroupBy = [UsageDimension.Tenant], Bucket = UsageBucket.Hour, ForecastTo = Now.AddDays(9) });

        Assert.That(report.Rows, Is.Empty);
        Assert.That((report.Total.Requests, report.Total.CostUsd, report.Forecast!.CostUsd), Is.EqualTo((0, 0m, 0m)));
    }

    [Test]
    public async Task Sums_are_those_of_the_records()
    {
        UsageRecord[] records = [.. SampleRecords.Mix(1, 200, Today, TimeSpan.FromHours(12))];
        await KeepAsync(records);
        UsageTotals expected = new();
        foreach (UsageRecord record in records)
        {
            expected.Add(record);
        }

        UsageReport report = await Analytics.QueryAsync(Day());

        Assert.That(report.Rows, Has.Count.EqualTo(1));
        Assert.That(UsageText.Of(report.Rows[0].Totals), Is.EqualTo(UsageText.Of(expected)));
        Assert.That(UsageText.Of(report.Total), Is.EqualTo(UsageText.Of(expected)));
    }

    [Test]
    public async Task Records_that_come_bit_by_bit_add_up()
    {
        UsageRecord[] records = [.. SampleRecords.Mix(4, 300, Today, TimeSpan.FromMinutes(3))];
        UsageTotals expected = new();
        foreach (UsageRecord[] few in records.Chunk(60))
        {
            await KeepAsync(few);
            foreach (UsageRecord record in few)
            {
                expected.Add(record);
            }

            Assert.That(UsageText.Of((await Analytics.QueryAsync(Day())).Total), Is.EqualTo(UsageText.Of(expected)));
        }
    }

    [Test]
    public async Task Range_includes_its_beginning_and_not_its_end()
    {
        DateTimeOffset at = Today.AddHours(3).AddMinutes(7).AddSeconds(11.25);
        await KeepAsync(SampleRecords.Answered(at));

        Assert.That(await CountAsync(at, at.AddTicks(1)), Is.EqualTo(1));
        Assert.That(await CountAsync(at.AddTicks(-1), at), Is.Zero);
        Assert.That(await CountAsync(at.AddTicks(1), at.AddDays(1)), Is.Zero);
        Assert.That(await CountAsync(at.ToOffset(TimeSpan.FromHours(9)), at.AddSeconds(1)), Is.EqualTo(1), "whatever the time zone");
    }

    [TestCaseSource(nameof(Dimensions))]
    public async Task Groups_and_filters_are_by_the_records_values(UsageDimension dimension)
    {
        UsageRecord[] records = [.. SampleRecords.Mix(2, 120, Today, TimeSpan.FromHours(12))];
        await KeepAsync(records);
        Dictionary<string, int> expected = records.GroupBy(dimension.ValueOf).ToDictionary(g => g.Key, g => g.Count());

        UsageReport report = await Analytics.QueryAsync(Day() with { GroupBy = [dimension] });

        Assert.That(report.Rows.ToDictionary(row => row.Group.Single(), row => (int)row.Totals.Requests), Is.EqualTo(expected));
        foreach ((string value, int count) in expected)
        {
            UsageReport one = await Analytics.QueryAsync(Day() with { Filters = [new UsageFilter(dimension, value, "no such value")] });
            Assert.That(one.Total.Requests, Is.EqualTo(count), $"{dimension} = '{value}'");
        }
    }

    [TestCase(UsageBucket.Minute, 4)]
    [TestCase(UsageBucket.Hour, 3)]
    [TestCase(UsageBucket.Day, 2)]
    [TestCase(UsageBucket.Week, 2)]
    [TestCase(UsageBucket.Month, 2)]
    [TestCase(UsageBucket.Total, 1)]
    public async Task Slices_begin_at_whole_units(UsageBucket bucket, int slices)
    {
        // The first of January 2026 is a Thursday.
        DateTimeOffset at = new(2025, 12, 28, 23, 59, 59, TimeSpan.Zero);
        DateTimeOffset later = new(2026, 1, 1, 5, 10, 30, TimeSpan.Zero);
        await KeepAsync(SampleRecords.Answered(at), SampleRecords.Answered(later), SampleRecords.Answered(later.AddSeconds(29)), SampleRecords.Answered(later.AddSeconds(31)), SampleRecords.Answered(later.AddHours(1)));
        UsageQuery query = new() { From = at.AddHours(-1), To = later.AddHours(2), Bucket = bucket };

        UsageReport report = await Analytics.QueryAsync(query);

        Assert.That(report.Rows, Has.Count.EqualTo(slices));
        Assert.That(report.Rows.Select(row => row.Start), Is.Ordered);
        Assert.That(report.Rows[0].Start, Is.EqualTo(bucket switch
        {
            UsageBucket.Minute => new DateTimeOffset(2025, 12, 28, 23, 59, 0, TimeSpan.Zero),
            UsageBucket.Hour => new DateTimeOffset(2025, 12, 28, 23, 0, 0, TimeSpan.Zero),
            _ => query.From,
        }), "not before the range");
        Assert.That(report.Rows[^1].Start, Is.EqualTo(bucket switch
        {
            UsageBucket.Minute => later.AddHours(1).AddSeconds(-30),
            UsageBucket.Hour => new DateTimeOffset(2026, 1, 1, 6, 0, 0, TimeSpan.Zero),
            UsageBucket.Day => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            UsageBucket.Week => new DateTimeOffset(2025, 12, 29, 0, 0, 0, TimeSpan.Zero),
            UsageBucket.Month => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            _ => query.From,
        }));
    }

    [Test]
    public async Task Groups_beyond_the_top_are_one_row_in_each_slice()
    {
        await KeepAsync([.. SampleRecords.Mix(3, 300, Today, TimeSpan.FromHours(3))]);
        UsageQuery query = Day() with { Bucket = UsageBucket.Hour, GroupBy = [UsageDimension.User], Top = 2, OrderBy = UsageMeasure.Requests };

        UsageReport report = await Analytics.QueryAsync(query);
        UsageReport all = await Analytics.QueryAsync(query with { Top = null, Bucket = UsageBucket.Total });

        Assert.That(report.Rows.Where(row => !row.IsOther).Select(row => row.Group[0]).Distinct(), Is.EquivalentTo(all.Rows.Take(2).Select(row => row.Group[0])));
        Assert.That(report.Rows.Count(row => row.IsOther), Is.EqualTo(3));
        Assert.That(report.Rows.Where(row => row.IsOther).Select(row => row.Group[0]), Is.All.EqualTo("other"));
        Assert.That(report.Rows.Sum(row => row.Totals.Requests), Is.EqualTo(300));
    }

    [Test]
    public async Task Names_may_hold_anything()
    {
        string[] names = ["O'Brien; DROP TABLE usage; --", "Zoë 🙂", "100%_of\\it", "\"quoted\",\r\nline", new string('x', 500)];
        await KeepAsync([.. names.Select(name => SampleRecords.Answered(
            Today, context: new LlmRequestContext { TenantId = name, Operation = name, Tags = new Dictionary<string, string> { [name] = name } }))]);

        foreach (string name in names)
        {
            UsageReport report = await Analytics.QueryAsync(Day() with
            {
                GroupBy = [UsageDimension.Tenant, UsageDimension.Tag(name)],
                Filters = [new UsageFilter(UsageDimension.Operation, name), new UsageFilter(UsageDimension.Tag(name), name)],
            });
            Assert.That(report.Rows.Single().Group, Is.EqualTo([name, name]));
        }
    }

    [Test]
    public async Task Forecast_goes_on_as_the_days_were()
    {
        // 17 days of 1 dollar a day, the 18th begun.
        DateTimeOffset first = Today.AddDays(-17);
        await KeepAsync([.. Enumerable.Range(0, 17).Select(day => WithCost(first.AddDays(day).AddHours(10), 1_000_000_000)), WithCost(Today.AddHours(1), 500_000_000)]);

        UsageReport report = await Analytics.QueryAsync(new UsageQuery { From = first, To = Today.AddHours(12), ForecastTo = Today.AddDays(10).AddHours(12) });

        Assert.That(report.Forecast, Is.EqualTo(new UsageForecast(Today.AddDays(10).AddHours(12), 27.5m, 27.5m, 27.5m)));
    }

    [TestCase(11)]
    [TestCase(12)]
    [TestCase(13)]
    public async Task Any_query_is_answered_as_from_the_records_themselves(int seed)
    {
        DateTimeOffset from = Now.AddDays(-3);
        UsageRecord[] records = [.. SampleRecords.Mix(seed, 600, from, TimeSpan.FromDays(3))];
        await KeepAsync(records);
        var random = new Random(seed);
        for (int i = 0; i < 25; i++)
        {
            UsageQuery query = AnyQuery(random, from);
            UsageReportBuilder expected = new(query);
            foreach (UsageRecord record in records)
            {
                expected.Add(record);
            }

            UsageReport report = await Analytics.QueryAsync(query);
            Assert.That(UsageText.Of(report), Is.EqualTo(UsageText.Of(expected.Build(Now))), $"{query}");
        }
    }

    [Test]
    public void Query_that_makes_no_sense_is_refused() => Assert.That(
        async () => await Analytics.QueryAsync(new UsageQuery { From = Now, To = Now }),
        Throws.TypeOf<UsageQueryException>().With.Property(nameof(ArgumentException.ParamName)).EqualTo(nameof(UsageQuery.To)));

    [Test]
    public void Query_can_be_cancelled()
    {
        Store.Append(SampleRecords.Answered(Today));

        Assert.That(async () => await Analytics.QueryAsync(Day(), new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }

    protected static UsageQuery Day() => new() { From = Today, To = Today.AddDays(1) };

    protected async Task KeepAsync(params UsageRecord[] records)
    {
        foreach (UsageRecord record in records)
        {
            Store.Append(record);
        }

        await FlushAsync();
    }

    private static UsageRecord WithCost(DateTimeOffset at, long nanoUsd) => new()
    {
        RequestId = Guid.NewGuid().ToString("N"),
        StartedAt = at,
        Outcome = "success",
        CostNanoUsd = nanoUsd,
    };

    private static UsageQuery AnyQuery(Random random, DateTimeOffset from)
    {
        DateTimeOffset start = from + (random.NextDouble() * TimeSpan.FromDays(2));
        UsageDimension[] dimensions = [.. Dimensions];
        random.Shuffle(dimensions);
        return new UsageQuery
        {
            From = start,
            To = start + TimeSpan.FromSeconds(random.Next(1, 200_000)),
            Bucket = (UsageBucket)random.Next(6),
            GroupBy = dimensions[..random.Next(4)],
            Filters = random.Next(2) == 0 ? [] : [new UsageFilter(UsageDimension.Tenant, "acme", ""), new UsageFilter(dimensions[4], "openai", "success", "user-3", "", "f1")],
            Top = random.Next(2) == 0 ? null : random.Next(1, 5),
            OrderBy = (UsageMeasure)random.Next(5),
            ForecastTo = random.Next(2) == 0 ? null : Now.AddDays(4),
        };
    }

    private async Task<long> CountAsync(DateTimeOffset from, DateTimeOffset to) => (await Analytics.QueryAsync(new UsageQuery { From = from, To = to })).Total.Requests;
}
