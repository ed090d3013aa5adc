using System.Diagnostics.Metrics;
using IntegrationLayer.Sdk.Resilience;

namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>Counts what calls go through before they reach a gateway.</summary>
internal sealed class GatewayTelemetry : IGatewayObserver
{
    private const string Endpoint = "integration_layer.gateway";

    private readonly Histogram<double> _queueDuration;
    private readonly Counter<long> _rejections;
    private readonly Counter<long> _failovers;

    public GatewayTelemetry(IMeterFactory meters)
    {
        Meter meter = meters.Create(new MeterOptions(IntegrationLayerDiagnostics.MeterName));
        _queueDuration = meter.CreateHistogram<double>("integration_layer.gateway.queue.duration", "s", "Time that calls waited for others to end, of those that had to.");
        _rejections = meter.CreateCounter<long>("integration_layer.gateway.rejections", "{call}", "Calls turned away because as many as may wait were waiting.");
        _failovers = meter.CreateCounter<long>("integration_layer.gateway.failovers", "{call}", "Calls that couldn't be sent to an endpoint.");
    }

    public void Waited(string endpoint, TimeSpan time) => _queueDuration.Record(time.TotalSeconds, new KeyValuePair<string, object?>(Endpoint, endpoint));

    public void TurnedAway(string endpoint) => _rejections.Add(1, new KeyValuePair<string, object?>(Endpoint, endpoint));

    public void PassedOver(string endpoint) => _failovers.Add(1, new KeyValuePair<string, object?>(Endpoint, endpoint));
}
