using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Telemetry;
using IntegrationLayer.Sdk.Tests.Pipeline;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Tests.Caching;

/// <summary>Makes processes of an application that keeps answers in a HybridCache.</summary>
internal static class HybridCaches
{
    public const string Secret = "a secret of this installation, and of no other";

    public static PipelineHost Create(Action<IServiceCollection>? register = null, Action<HybridResponseCacheOptions>? configure = null) => new(
        static options => options.Telemetry.Level = TelemetryLevel.Full,
        builder =>
        {
            register?.Invoke(builder.Services);
            builder.UseExactMatchCache(o => o.InstallationKey = Secret).UseHybridCache(configure);
        });
}
