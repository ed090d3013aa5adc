using IntegrationLayer.Sdk.TestSupport.Usage;
using IntegrationLayer.Sdk.Usage;

namespace IntegrationLayer.Sdk.Tests.Usage;

public sealed class UsageQueryTests
{
    private static readonly DateTimeOffset From = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly UsageQuery Valid = new() { From = From, To = From.AddDays(1) };
    private static readonly UsageFilter Filter = new(UsageDimension.Tenant, "acme");

    private static IEnumerable<TestCaseData> Mistakes()
    {
        yield return Mistake("range", Valid with { To = From }, "To", "is not after From", "2026-01-01T00:00:00");
        yield return Mistake("bucket", Valid with { Bucket = (UsageBucket)9 }, "Bucket", "Bucket is 9", "Minute, Hour, Day");
        yield return Mistake("measure", Valid with { OrderBy = (UsageMeasure)9 }, "OrderBy", "OrderBy is 9", "Cost, Saving");
        yield return Mistake("slices", Valid with { To = From.AddDays(30), Bucket = UsageBucket.Minute }, "Bucket", "43,200 slices of one Minute; at most 10,000", "longer Bucket");
        yield return Mistake("top", Valid with { Top = 0 }, "Top", "Top is 0", "1 or more");
        yield return Mistake("forecast", Valid with { ForecastTo = From.AddDays(1) }, "ForecastTo", "is not after To");
        yield return Mistake("dimensions", Valid with { GroupBy = [.. UsageDimension.All.Take(5)] }, "GroupBy", "has 5 dimensions; at most 4");
        yield return Mistake("twice", Valid with { GroupBy = [UsageDimension.Team, UsageDimension.Tag("a"), UsageDimension.Team] }, "GroupBy", "has team twice");
        yield return Mistake("no dimension", Valid with { GroupBy = [default] }, "GroupBy", "without a name", "tenant, team, user", "tag:<key>");
        yield return Mistake("filters", Valid with { Filters = [.. Enumerable.Repeat(Filter, 17)] }, "Filters", "17 filters; at most 16");
        yield return Mistake("no filter dimension", Valid with { Filters = [new UsageFilter(default, "x")] }, "Filters", "without a name");
        yield return Mistake("no values", Valid with { Filters = [new UsageFilter(UsageDimension.Team)] }, "Filters", "The filter on team has 0 values; give 1 to 100");
        yield return Mistake("values", Valid with { Filters = [Filter with { Values = [.. Enumerable.Repeat("x", 101)] }] }, "Filters", "has 101 values");
    }

    [TestCaseSource(nameof(Mistakes))]
    public void Mistake_is_refused_with_its_value_and_its_cure(UsageQuery query, string parameter, string[] expected)
    {
        UsageQueryException e = Assert.Throws<UsageQueryException>(() => _ = new UsageReportBuilder(query))!;

        Assert.That(e.ParamName, Is.EqualTo(parameter));
        foreach (string part in expected)
        {
            Assert.That(e.Message, Does.Contain(part));
        }
    }

    [Test]
    public void Report_that_becomes_too_long_is_refused()
    {
        var report = new UsageReportBuilder(Valid with { GroupBy = [UsageDimension.User] });
        for (int i = 0; i < UsageQueryRules.MaxRows; i++)
        {
            report.Add(From, [$"{i}"], new UsageTotals());
        }

        Assert.That(() => report.Add(From, ["0"], new UsageTotals()), Throws.Nothing, "a row that is there");
        Assert.That(() => report.Add(From, ["one more"], new UsageTotals()), Throws.TypeOf<UsageQueryException>().With.Message.Contains("100,000 rows"));
    }

    [Test]
    public void Names_of_dimensions_are_read_back()
    {
        foreach (UsageDimension dimension in (UsageDimension[])[.. UsageDimension.All, UsageDimension.Tag("feature"), UsageDimension.Tag("a:b")])
        {
            Assert.That(UsageDimension.TryParse(dimension.Name, out UsageDimension read), Is.True);
            Assert.That(read, Is.EqualTo(dimension));
        }
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("Tenant")]
    [TestCase("tag:")]
    [TestCase("feature")]
    public void Names_that_are_no_dimension_are_not_read(string? name) => Assert.That(UsageDimension.TryParse(name, out _), Is.False);

    [Test]
    public void Dimension_that_was_never_set_has_no_value() => Assert.That(default(UsageDimension).ValueOf(SampleRecords.Answered(From)), Is.Empty);

    [Test]
    public void Tag_needs_a_key() => Assert.That(() => UsageDimension.Tag(""), Throws.ArgumentException);

    private static TestCaseData Mistake(string name, UsageQuery query, string parameter, params string[] expected) =>
        new TestCaseData(query, parameter, expected).SetName($"Mistake_is_refused_with_its_value_and_its_cure({name})");
}
