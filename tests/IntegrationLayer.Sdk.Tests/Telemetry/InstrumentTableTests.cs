using System.Diagnostics.Metrics;
using System.Reflection;
using IntegrationLayer.Sdk.Telemetry;
using IntegrationLayer.Sdk.TestSupport.Processes;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Tests.Telemetry;

internal sealed class InstrumentTableTests
{
    [TestCase(TelemetryLevel.Minimal, 12)]
    [TestCase(TelemetryLevel.Standard, 45)]
    [TestCase(TelemetryLevel.Full, 85)]
    public void Level_has_as_many_rows_as_it_says(TelemetryLevel level, int rows) =>
        Assert.That(InstrumentTable.All.GroupBy(s => s.Row).Count(row => row.Min(s => s.Level) <= level), Is.EqualTo(rows));

    [Test]
    public void Table_lists_every_declaration_once()
    {
        InstrumentSpec[] declared = [.. typeof(InstrumentTable).GetFields().Select(f => f.GetValue(null)).OfType<InstrumentSpec>()];

        Assert.That(InstrumentTable.All, Is.EquivalentTo(declared));
        Assert.That(InstrumentTable.All.Select(s => s.Name), Is.Unique);
        Assert.That(InstrumentTable.All.Select(s => s.Row), Is.Ordered);
    }

    [Test]
    public void Declaration_is_complete()
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (InstrumentSpec spec in InstrumentTable.All)
            {
                Assert.That(spec.Unit, Is.Not.Empty, spec.Name);
                Assert.That(spec.Description, Does.EndWith("."), spec.Name);
                Assert.That(spec.Attributes, Has.Count.LessThanOrEqualTo(8), $"{spec.Name}: above 8 the OpenTelemetry SDK allocates");
                Assert.That(spec.MaxSeries, Is.LessThanOrEqualTo(1_500), spec.Name);
                Assert.That(spec.Buckets.Count > 0, Is.EqualTo(spec is { Kind: InstrumentKind.Histogram, Source: InstrumentSource.Sdk or InstrumentSource.LatestConventions }), spec.Name);
                Assert.That(spec.Name, Does.StartWith("integration_layer.").Or.StartWith("gen_ai.").Or.StartWith("http.").Or.StartWith("dns."));
                Assert.That(spec.Attributes.Select(a => a.Name).Where(n => n.Contains("user", StringComparison.Ordinal) || n.EndsWith("id", StringComparison.Ordinal)), Is.Empty, spec.Name);
            }
        }
    }

    [Test]
    public void Instrument_is_made_as_it_is_declared([Values] TelemetryLevel level, [Values] bool isLatest)
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var telemetry = new LlmTelemetry(services.GetRequiredService<IMeterFactory>(), new TelemetryOptions { Level = level, UseLatestConventions = isLatest });
        Dictionary<string, Instrument> made = typeof(Instruments).GetFields(BindingFlags.Public | BindingFlags.Instance)
            .Select(f => f.GetValue(telemetry.Instruments)).OfType<Instrument>().ToDictionary(i => i.Name);
        InstrumentSpec[] expected =
        [
            .. InstrumentTable.All.Where(s => s.Level <= level && s.Source is InstrumentSource.Sdk or InstrumentSource.LatestConventions)
                .Where(s => isLatest ? !s.IsReplacedInLatest : s.Source is InstrumentSource.Sdk),
        ];

        Assert.That(made.Keys, Is.EquivalentTo(expected.Select(s => isLatest ? s.LatestName ?? s.Name : s.Name)));
        foreach (InstrumentSpec spec in expected)
        {
            Instrument instrument = made[isLatest ? spec.LatestName ?? spec.Name : spec.Name];
            Assert.That(instrument.Unit, Is.EqualTo(spec.Unit), spec.Name);
            Assert.That(instrument.Description, Is.EqualTo(spec.Description), spec.Name);
            Assert.That(instrument.GetType().Name, Does.StartWith(spec.Kind.ToString()), spec.Name);
        }
    }

    [Test]
    public void Metrics_page_says_what_is_recorded()
    {
        string path = Path.Combine(RepositoryRoot.Find(), "docs", "metrics.md");
        string page = MetricsPage.Write();
        if (Environment.GetEnvironmentVariable("REWRITE") == "1")
        {
            File.WriteAllText(path, page);
        }

        Assert.That(File.ReadAllText(path), Is.EqualTo(page), $"Write it anew: {MetricsPage.Command}");
    }
}
