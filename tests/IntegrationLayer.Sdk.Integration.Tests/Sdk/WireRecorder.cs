namespace IntegrationLayer.Sdk.Integration.Tests.Sdk;

/// <summary>Notes the headers of every call to the gateway, and changes nothing.</summary>
internal sealed class WireRecorder(WireLog log) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        log.AddSent(request);
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        log.AddReceived(response);
        return response;
    }
}
