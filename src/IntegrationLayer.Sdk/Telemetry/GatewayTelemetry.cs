using IntegrationLayer.Sdk.Resilience;

namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>Counts what calls go through before they reach a gateway.</summary>
internal sealed class GatewayTelemetry(LlmTelemetry telemetry) : IGatewayObserver
{
    private readonly Instruments _to = telemetry.Instruments;
    private readonly ValueGuard _endpoints = new(Attributes.Gateway.Maximum);

    public void Waited(string endpoint, TimeSpan time)
    {
        if (_to.QueueWait is { Enabled: true } wait)
        {
            wait.Record(time.TotalSeconds, Tag(endpoint));
        }
    }

    public void TurnedAway(string endpoint)
    {
        if (_to.QueueRejections is { Enabled: true } rejections)
        {
            rejections.Add(1, Tag(endpoint));
        }
    }

    public void PassedOver(string endpoint)
    {
        if (_to.GatewayFailovers is { Enabled: true } failovers)
        {
            failovers.Add(1, Tag(endpoint));
        }
    }

    private KeyValuePair<string, object?> Tag(string endpoint) => new(Attributes.Gateway.Name, _endpoints.Admit(endpoint));
}
