using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace IntegrationLayer.Sdk.Evaluations.Overhead;

/// <summary>The OpenTelemetry SDK as an application sets it up: every span is sampled and ended, every metric aggregated; only the network is left out.</summary>
internal sealed class Watcher(string source) : IDisposable
{
    private readonly TracerProvider _tracer = OpenTelemetry.Sdk.CreateTracerProviderBuilder()
        .AddSource(source)
        .SetSampler(new AlwaysOnSampler())
        .AddProcessor(new BatchActivityExportProcessor(new NoSpans()))
        .Build();

    private readonly MeterProvider _meter = OpenTelemetry.Sdk.CreateMeterProviderBuilder()
        .AddMeter(source)
        .AddReader(new PeriodicExportingMetricReader(new NoMetrics()))
        .Build();

    public void Dispose()
    {
        _tracer.Dispose();
        _meter.Dispose();
    }

    private sealed class NoSpans : BaseExporter<Activity>
    {
        public override ExportResult Export(in Batch<Activity> batch) => ExportResult.Success;
    }

    private sealed class NoMetrics : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch) => ExportResult.Success;
    }
}
