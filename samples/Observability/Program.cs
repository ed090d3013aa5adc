// A service under observation: it makes requests of every kind all the time, and shows what the SDK measures of them.
//   dotnet run --project samples/Observability            then http://localhost:5000/metrics
//   docker compose -f samples/Observability/compose.yaml up   adds Prometheus, Grafana and Redis, with the dashboard and the alerts
// OTEL_EXPORTER_OTLP_ENDPOINT sends everything to a collector too; METRICS_TOKEN lets others than this machine scrape, with that bearer token;
// REDIS=host:port shares budgets and answers; CONSOLE=1 prints all that is measured. WRITE=folder writes the dashboard and the rules anew from their source, and ends.
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Telemetry;
using IntegrationLayer.Sdk.Testing;
using Observability;
using Observability.Monitoring;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

if (Environment.GetEnvironmentVariable("WRITE") is { Length: > 0 } folder)
{
    MonitoringFiles.Write(folder);
    return;
}

FakePortkey script = Traffic.Script();
await using SampleGateway gateway = await SampleGateway.StartAsync(script);

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
IIntegrationLayerBuilder sdk = builder.Services
    .AddIntegrationLayer(options =>
    {
        gateway.Configure(options);

        // By name, so that the lookup of the name is measured too.
        options.Portkey.Endpoint = options.Portkey.Endpoint.Host == "127.0.0.1" ? new UriBuilder(options.Portkey.Endpoint) { Host = "localhost" }.Uri : options.Portkey.Endpoint;
        options.Telemetry.Level = TelemetryLevel.Full;
        options.Telemetry.Budgets.Add("acme");
        options.Resilience.Retries.BaseDelay = TimeSpan.FromMilliseconds(20);
    })
    .UseExactMatchCache(cache => cache.TimeToLive = TimeSpan.FromSeconds(30))
    .UseSemanticCache()
    .UseBudgetPolicy(new TenantBudgets());
if (Environment.GetEnvironmentVariable("REDIS") is { Length: > 0 } redis)
{
    // What several instances of a service share.
    sdk.UseRedis(redis).UseRedisBudgets();
}

builder.Services.AddHostedService<Traffic>();

bool hasCollector = Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 };
bool isPrinted = Environment.GetEnvironmentVariable("CONSOLE") == "1";
builder.Services.AddOpenTelemetry()
    .ConfigureResource(resource => resource.AddService("observability-sample"))
    .WithMetrics(metrics =>
    {
        metrics.AddMeter(IntegrationLayerDiagnostics.MeterName, "System.Net.Http", "System.Net.NameResolution").AddRuntimeInstrumentation().AddPrometheusExporter();
        _ = hasCollector ? metrics.AddOtlpExporter() : metrics;
        _ = isPrinted ? metrics.AddConsoleExporter() : metrics;
    })
    .WithTracing(traces =>
    {
        traces.AddSource(IntegrationLayerDiagnostics.ActivitySourceName);
        _ = hasCollector ? traces.AddOtlpExporter() : traces;
        _ = isPrinted ? traces.AddConsoleExporter() : traces;
    });

WebApplication app = builder.Build();

// What a service costs and how it is doing is nobody else's business.
app.UseWhen(static context => context.Request.Path == "/metrics", branch =>
{
    branch.Use(ScrapeGuard.CheckAsync);
    branch.UseOpenTelemetryPrometheusScrapingEndpoint();
});
app.MapGet("/", static () => "Requests are being made. See /metrics.");
await app.RunAsync();
