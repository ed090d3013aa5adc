using IntegrationLayer.Sdk.Portkey;
using IntegrationLayer.Sdk.Testing.Faults;
using Polly;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes calls fail in process, by chance: for tests, and for game days in a running system.</summary>
public static class ChaosBuilderExtensions
{
    /// <summary>Puts Polly's chaos strategies between the SDK and the gateway, around the sending of every request: <c>AddChaosLatency</c>, <c>AddChaosFault</c>, <c>AddChaosOutcome</c>, <c>AddChaosBehavior</c>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Adds the strategies. Their delays wait by the registered <see cref="TimeProvider"/>; set a strategy's <c>Randomizer</c> for faults that repeat.</param>
    /// <param name="appliesTo">Which requests are in danger, by their address or headers, such as <c>x-portkey-provider</c>; the default is all.</param>
    /// <returns>The builder.</returns>
    public static IIntegrationLayerBuilder AddPortkeyChaos(
        this IIntegrationLayerBuilder builder, Action<ResiliencePipelineBuilder<HttpResponseMessage>> configure, Func<HttpRequestMessage, bool>? appliesTo = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.AddHttpClient(PortkeyDefaults.HttpClientName).AddHttpMessageHandler(provider =>
        {
            ResiliencePipelineBuilder<HttpResponseMessage> pipeline = new() { TimeProvider = provider.GetService<TimeProvider>() };
            configure(pipeline);
            return new ChaosHandler(pipeline.Build(), appliesTo ?? (static _ => true));
        });
        return builder;
    }
}
