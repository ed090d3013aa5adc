using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Pipeline;
using IntegrationLayer.Sdk.Telemetry;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Shares answers over a <see cref="HybridCache"/>.</summary>
public static class HybridCacheBuilderExtensions
{
    /// <summary>
    /// Keeps answers also in the application's <see cref="HybridCache"/>, sealed: with the platform's, in the <c>IDistributedCache</c> that is registered; with
    /// another implementation, such as FusionCache's, wherever that keeps them. Without one, the platform's is registered. Without <c>UseExactMatchCache</c>, that is turned on too.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets how long a request waits for it, and how long memory keeps an answer.</param>
    /// <returns>The builder.</returns>
    /// <remarks>All processes need the same <see cref="ExactMatchCacheOptions.InstallationKey"/>.</remarks>
    public static IIntegrationLayerBuilder UseHybridCache(this IIntegrationLayerBuilder builder, Action<HybridResponseCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        services.AddOptions<HybridResponseCacheOptions>().Configure(configure ?? (static _ => { })).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HybridResponseCacheOptions>, HybridResponseCacheOptionsValidator>());
        services.AddHybridCache();
        builder.AddSharedCaching();
        services.TryAddSingleton<IHybridCacheSerializer<SealedAnswer>, SealedAnswerSerializer>();
        services.TryAddSingleton(static p => new HybridResponseCache(
            p.GetRequiredService<HybridCache>(),
            p.GetRequiredService<IOptions<HybridResponseCacheOptions>>().Value,
            p.GetRequiredService<AnswerSeal>(),
            p.GetRequiredService<SharedCacheWatch>(),
            p.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IInvalidationFeed, HybridInvalidationFeed>();
        return builder.ShareAnswers(
            static p => p.GetRequiredService<HybridResponseCache>(), static p => p.GetRequiredService<IOptions<HybridResponseCacheOptions>>().Value.MemoryTimeToLive);
    }

    /// <summary>Puts the memory of this process in front of a cache that others share.</summary>
    internal static IIntegrationLayerBuilder ShareAnswers(
        this IIntegrationLayerBuilder builder, Func<IServiceProvider, IResponseCache> shared, Func<IServiceProvider, TimeSpan> longestInMemory)
    {
        builder.Services.TryAddSingleton<InMemoryResponseCache>();
        builder.Services.Replace(ServiceDescriptor.Singleton<IResponseCache>(p => new TieredResponseCache(
            p.GetRequiredService<InMemoryResponseCache>(),
            shared(p),
            p.GetRequiredService<CacheInvalidations>(),
            p.GetRequiredService<IInvalidationFeed>(),
            p.GetRequiredService<TimeProvider>()) { LongestInMemory = longestInMemory(p) }));
        return builder;
    }

    /// <summary>Registers what each way to share answers needs.</summary>
    internal static void AddSharedCaching(this IIntegrationLayerBuilder builder)
    {
        IServiceCollection services = builder.Services;
        if (services.Any(static d => d.ServiceType == typeof(ICachePolicy) && d.ImplementationType == typeof(NoCachePolicy)))
        {
            builder.UseExactMatchCache();
        }

        services.TryAddSingleton<AnswerSeal>();
        services.TryAddSingleton(static p => SharedCacheTelemetry.Connect(
            new SharedCacheWatch(p.GetRequiredService<ILogger<SharedCacheWatch>>(), p.GetRequiredService<TimeProvider>()), p.GetRequiredService<LlmTelemetry>()));
    }
}
