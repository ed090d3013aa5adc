using IntegrationLayer.Sdk.Execution;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Makes the gateways that options name, all on one HTTP client: its connections are pooled by host.</summary>
internal sealed class PortkeyEndpoints(HttpMessageInvoker client, TimeProvider time, ILogger<PortkeyGateway> logger)
{
    /// <summary>Makes the gateways: one, unless there are <see cref="PortkeyOptions.Endpoints"/>.</summary>
    public IReadOnlyList<NamedGateway> Create(PortkeyOptions options) => options.Endpoints.Count == 0
        ? [new NamedGateway(options.Endpoint.Authority, GatewayOf(options))]
        : [.. options.Endpoints.Select(endpoint => new NamedGateway(endpoint.EffectiveName, GatewayOf(options.For(endpoint))))];

    private PortkeyGateway GatewayOf(PortkeyOptions options) => new(client, () => options, time, logger);
}
