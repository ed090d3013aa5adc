using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Portkey;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The gateways of the configuration in force, made anew when it changes.</summary>
internal sealed class ConfiguredGateways(ConfigurationSource configuration, PortkeyEndpoints endpoints)
{
    private volatile Made? _made;

    public IReadOnlyList<NamedGateway> Current
    {
        get
        {
            PortkeyOptions options = configuration.Current.Options.Portkey;
            Made? made = _made;
            if (made is null || made.Options != options)
            {
                _made = made = new Made(options, endpoints.Create(options));
            }

            return made.Gateways;
        }
    }

    private sealed record Made(PortkeyOptions Options, IReadOnlyList<NamedGateway> Gateways);
}
