using BenchmarkDotNet.Attributes;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace IntegrationLayer.Sdk.Benchmarks;

/// <summary>What telemetry adds to a call through the SDK, the gateway left out: nobody listens, or the OpenTelemetry SDK does, at each level.</summary>
[MemoryDiagnoser]
public class TelemetryBenchmarks
{
    private readonly LlmRequest _request = Requests.Question();
    private ServiceProvider _services = null!;
    private ILlmClient _client = null!;
    private MeterProvider? _meters;

    [Params("nobody", "Minimal", "Standard", "Full")]
    public string Listens { get; set; } = "nobody";

    [GlobalSetup]
    public void Prepare()
    {
        bool isHeard = Enum.TryParse(Listens, out TelemetryLevel level);
        IIntegrationLayerBuilder builder = new ServiceCollection().AddIntegrationLayer(o =>
        {
            Requests.AddDeployments(o, 100);
            o.Telemetry.Level = isHeard ? level : TelemetryLevel.Standard;
        });
        builder.Services.Replace(ServiceDescriptor.Singleton<IModelGateway, CannedGateway>());
        _services = builder.Services.BuildServiceProvider();
        _client = _services.GetRequiredService<ILlmClient>();
        _meters = isHeard
            ? OpenTelemetry.Sdk.CreateMeterProviderBuilder().AddMeter(IntegrationLayerDiagnostics.MeterName).AddReader(new PeriodicExportingMetricReader(new Nowhere())).Build()
            : null;
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _meters?.Dispose();
        _services.Dispose();
    }

    /// <summary>A whole call: what it takes more than with nobody listening is telemetry's.</summary>
    [Benchmark]
    public Task<LlmResponse> Ask() => _client.GetResponseAsync(_request);

    private sealed class Nowhere : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch) => ExportResult.Success;
    }
}
