using BenchmarkDotNet.Attributes;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Pipeline;
using IntegrationLayer.Sdk.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace IntegrationLayer.Sdk.Benchmarks;

/// <summary>The report of a finished request by itself.</summary>
[MemoryDiagnoser]
public class ReportBenchmarks : IDisposable
{
    private ServiceProvider _services = null!;
    private LlmTelemetry _telemetry = null!;
    private CallRecord? _call;
    private MeterProvider? _meters;

    [Params(false, true)]
    public bool IsHeard { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        IIntegrationLayerBuilder builder = new ServiceCollection().AddIntegrationLayer(o => Requests.AddDeployments(o, 100));
        builder.Services.Replace(ServiceDescriptor.Singleton<IModelGateway, CannedGateway>());
        _services = builder.Services.BuildServiceProvider();
        LlmReceipt receipt = _services.GetRequiredService<ILlmClient>().GetResponseAsync(Requests.Question()).GetAwaiter().GetResult().Receipt;
        _telemetry = _services.GetRequiredService<LlmTelemetry>();
        _call = CallRecord.Begin(_services.GetRequiredService<MonitoringStep>(), Requests.Question(), TimeProvider.System, isStreamed: false);
        Deployment called = _services.GetRequiredService<Configuration.ConfigurationSource>().Current.Deployments.All.First(d => d.Name == receipt.Deployment);
        _call.Add(called, receipt.Attempts[0].Duration, receipt.Cost, LlmErrorClass.None, 200);
        _call.Complete(receipt);
        _call.Stop();
        _meters = IsHeard
            ? OpenTelemetry.Sdk.CreateMeterProviderBuilder().AddMeter(IntegrationLayerDiagnostics.MeterName).AddReader(new PeriodicExportingMetricReader(new Nowhere())).Build()
            : null;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _meters?.Dispose();
        _call?.Dispose();
        _services.Dispose();
    }

    [Benchmark]
    public void Report() => _telemetry.Report(_call!);

    private sealed class Nowhere : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch) => ExportResult.Success;
    }
}
