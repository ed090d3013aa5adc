using System.Diagnostics.Metrics;

namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>Makes instruments from their declarations; <see langword="null"/> for those that the level, or the set of conventions, doesn't have.</summary>
internal sealed class InstrumentFactory(Meter meter, TelemetryLevel level, bool isLatest)
{
    public Counter<long>? Count(InstrumentSpec spec) => Has(spec) ? meter.CreateCounter<long>(NameOf(spec), spec.Unit, spec.Description) : null;

    public Counter<double>? Sum(InstrumentSpec spec) => Has(spec) ? meter.CreateCounter<double>(NameOf(spec), spec.Unit, spec.Description) : null;

    public UpDownCounter<long>? CountUpDown(InstrumentSpec spec) => Has(spec) ? meter.CreateUpDownCounter<long>(NameOf(spec), spec.Unit, spec.Description) : null;

    public UpDownCounter<double>? SumUpDown(InstrumentSpec spec) => Has(spec) ? meter.CreateUpDownCounter<double>(NameOf(spec), spec.Unit, spec.Description) : null;

    public Gauge<double>? Last(InstrumentSpec spec) => Has(spec) ? meter.CreateGauge<double>(NameOf(spec), spec.Unit, spec.Description) : null;

    public Histogram<double>? Measure(InstrumentSpec spec) => Has(spec)
        ? meter.CreateHistogram(NameOf(spec), spec.Unit, spec.Description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [.. spec.Buckets] })
        : null;

    public Histogram<long>? MeasureCounts(InstrumentSpec spec) => Has(spec)
        ? meter.CreateHistogram(NameOf(spec), spec.Unit, spec.Description, tags: null, new InstrumentAdvice<long> { HistogramBucketBoundaries = [.. spec.Buckets.Select(static b => (long)b)] })
        : null;

    private bool Has(InstrumentSpec spec) =>
        spec.Level <= level && spec.Source is InstrumentSource.Sdk or InstrumentSource.LatestConventions
        && (isLatest ? !spec.IsReplacedInLatest : spec.Source is not InstrumentSource.LatestConventions);

    private string NameOf(InstrumentSpec spec) => isLatest && spec.LatestName is { } latest ? latest : spec.Name;
}
