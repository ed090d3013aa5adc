using IntegrationLayer.Sdk.TestSupport.Usage;
using IntegrationLayer.Sdk.Usage;

namespace IntegrationLayer.Sdk.Tests.Usage;

public sealed class UsageReportExportTests
{
    private static readonly DateTimeOffset Start = new(2026, 2, 28, 22, 0, 0, TimeSpan.Zero);

    [Test]
    public void Csv_has_a_line_for_each_row_with_every_measure()
    {
        UsageReport report = Report([UsageDimension.Tenant, UsageDimension.Tag("feature")], UsageBucket.Hour, SampleRecords.Answered(Start.AddMinutes(3)));

        string[] lines = Write(report.WriteCsv);

        Assert.That(lines[0], Does.StartWith("start,tenant,tag:feature,requests,errors,denied,").And.EndsWith(",first_token_p50_ms,first_token_p95_ms"));
        Assert.That(lines[1], Does.StartWith("2026-02-28T22:00:00Z,acme,,1,0,0,0,0,1,1,0,100,0,0,20,0,0,0,0,0.000027,0.000027,0,0,0,0,0,0.000423,4"));
        Assert.That(lines[1].Split(','), Has.Length.EqualTo(lines[0].Split(',').Length));
    }

    [TestCase("a,b", "\"a,b\"")]
    [TestCase("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [TestCase("two\nlines", "\"two\nlines\"")]
    [TestCase("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\"")]
    [TestCase("+1", "'+1")]
    [TestCase("-1", "'-1")]
    [TestCase("@x", "'@x")]
    [TestCase("a=b", "a=b")]
    public void Names_are_quoted_and_are_no_formulas(string name, string written)
    {
        UsageReport report = Report([UsageDimension.Tenant], UsageBucket.Total, SampleRecords.Answered(Start, tenant: name));

        using var writer = new StringWriter();
        report.WriteCsv(writer);

        Assert.That(writer.ToString(), Does.Contain($"Z,{written},1,"));
    }

    [Test]
    public void Focus_has_its_columns_and_ours_behind_an_x()
    {
        UsageReport report = Report(
            [UsageDimension.Tenant, UsageDimension.Provider, UsageDimension.Model, UsageDimension.Team], UsageBucket.Hour, SampleRecords.Answered(Start.AddMinutes(30)));

        string[] lines = Write(report.WriteFocusCsv);

        Assert.That(lines[0], Does.StartWith("BilledCost,BillingCurrency,BillingPeriodEnd,BillingPeriodStart,ChargeCategory,"));
        Assert.That(lines[1], Is.EqualTo(
            "0.000027,USD,2026-03-01T00:00:00Z,2026-02-01T00:00:00Z,Usage,,Use of language models,Usage-Based,2026-02-28T23:00:00Z,2026-02-28T22:00:00Z,120,Tokens,0.000027,0.000027,openai,0.000027,"
            + "120,Tokens,openai,openai,,AI and Machine Learning,Language models,Generative AI,gpt-4o-mini,acme,\"{\"\"team\"\":\"\"search\"\"}\",1,0.000423,false"));
    }

    [TestCase(UsageBucket.Total, "2026-03-01T22:00:00Z")]
    [TestCase(UsageBucket.Minute, "2026-02-28T22:01:00Z")]
    [TestCase(UsageBucket.Day, "2026-03-01T00:00:00Z")]
    [TestCase(UsageBucket.Week, "2026-03-01T22:00:00Z")]
    [TestCase(UsageBucket.Month, "2026-03-01T00:00:00Z")]
    public void Charge_period_ends_with_the_slice_or_the_range(UsageBucket bucket, string end)
    {
        string[] lines = Write(Report([], bucket, SampleRecords.Answered(Start)).WriteFocusCsv);

        Assert.That(lines[1].Split(',')[8], Is.EqualTo(end));
    }

    [Test]
    public void Focus_says_which_costs_are_not_exact()
    {
        UsageRecord unpriced = new() { RequestId = "x", StartedAt = Start, Outcome = "success", PriceStatus = PriceStatus.Unknown };

        Assert.That(Write(Report([], UsageBucket.Total, unpriced).WriteFocusCsv)[1], Does.EndWith(",true"));
    }

    private static UsageReport Report(UsageDimension[] dimensions, UsageBucket bucket, params UsageRecord[] records)
    {
        var report = new UsageReportBuilder(new UsageQuery { From = Start, To = Start.AddDays(1), GroupBy = dimensions, Bucket = bucket });
        foreach (UsageRecord record in records)
        {
            report.Add(record);
        }

        return report.Build(Start.AddDays(1));
    }

    private static string[] Write(Action<TextWriter> write)
    {
        using var writer = new StringWriter();
        write(writer);
        return writer.ToString().Split("\r\n");
    }
}
