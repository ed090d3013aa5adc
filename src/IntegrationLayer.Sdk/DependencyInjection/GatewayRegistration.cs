using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Portkey;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts together what calls go through: the pool, its endpoints, and their HTTP client.</summary>
internal static class GatewayRegistration
{
    /// <summary>Registers Portkey's gateways.</summary>
    public static void AddPortkeyGateways(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IntegrationLayerOptions>, PortkeyOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IntegrationLayerOptions>, GatewayPoolOptionsValidator>());
        services.AddPortkeyHttpClient(static p => p.GetRequiredService<ConfigurationSource>().Current.Options.Portkey);
        services.TryAddSingleton(static p => new PortkeyEndpoints(
            new HttpMessageInvoker(p.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(PortkeyDefaults.HttpClientName), disposeHandler: false),
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILogger<PortkeyGateway>>()));
        services.TryAddSingleton<ConfiguredGateways>();
        services.TryAddSingleton(CreateDirectory);
        services.TryAddSingleton<IGatewayObserver, GatewayTelemetry>();
        services.TryAddSingleton(static _ => new LastResort(find: null));
        services.AddSingleton<IModelGateway, GatewayPool>();
    }

    private static EndpointDirectory CreateDirectory(IServiceProvider provider)
    {
        ConfigurationSource configuration = provider.GetRequiredService<ConfigurationSource>();
        ConfiguredGateways gateways = provider.GetRequiredService<ConfiguredGateways>();
        var directory = new EndpointDirectory(
            () => gateways.Current,
            () => configuration.Current.Options.Resilience.Gateways,
            provider.GetRequiredService<HealthRegistry>(),
            provider.GetRequiredService<TimeProvider>());

        // Now and not at the first call, so that the status shows them.
        _ = directory.Current;
        return directory;
    }
}
