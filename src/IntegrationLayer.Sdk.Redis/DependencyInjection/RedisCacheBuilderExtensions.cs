using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Pipeline;
using IntegrationLayer.Sdk.Redis;
using IntegrationLayer.Sdk.Redis.Caching;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers answers that several processes share.</summary>
public static class RedisCacheBuilderExtensions
{
    /// <summary>
    /// Keeps answers also in Redis, sealed, for all processes that use its key prefix, and carries invalidations to them. Call <c>UseRedis</c> too. Without
    /// <c>UseExactMatchCache</c>, that is turned on too.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets how long a request waits for Redis, and how long memory keeps an answer.</param>
    /// <returns>The builder.</returns>
    /// <remarks>All processes need the same <see cref="ExactMatchCacheOptions.InstallationKey"/>.</remarks>
    public static IIntegrationLayerBuilder UseRedisCache(this IIntegrationLayerBuilder builder, Action<RedisCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.UseRedisCacheInvalidation();
        builder.Services.AddOptions<RedisCacheOptions>().Configure(configure ?? (static _ => { }));
        builder.Services.TryAddSingleton(static p => new RedisResponseCache(p.GetRequiredService<RedisCacheParts>()));
        return builder.ShareAnswers(
            static p => p.GetRequiredService<RedisResponseCache>(), static p => p.GetRequiredService<IOptions<RedisCacheOptions>>().Value.MemoryTimeToLive);
    }

    /// <summary>
    /// Lets processes share calls that they would make at the same time: one makes it, the others wait for its answer in the cache. Off unless this is
    /// called. Call <see cref="UseRedisCache"/> too.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets how long is waited for a process that has died, and for one that is slow.</param>
    /// <returns>The builder.</returns>
    /// <remarks>A streamed request that waits for another process gets its answer whole, when that is complete.</remarks>
    public static IIntegrationLayerBuilder UseRedisCallSharing(this IIntegrationLayerBuilder builder, Action<RedisCallSharingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.UseRedisCacheInvalidation();
        IServiceCollection services = builder.Services;
        services.AddOptions<RedisCallSharingOptions>().Configure(configure ?? (static _ => { })).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RedisCallSharingOptions>, RedisCallSharingOptionsValidator>());
        services.TryAddSingleton<ICallLeases>(static p => new RedisCallLeases(
            p.GetRequiredService<RedisCacheParts>(), p.GetRequiredService<IOptions<RedisCallSharingOptions>>().Value));
        services.TryAddSingleton<SharedCallStep>();
        return builder;
    }

    /// <summary>
    /// Carries invalidations over Redis to all processes that use its key prefix, wherever answers are kept: in the memory of each, or by
    /// <c>UseHybridCache</c>. <see cref="UseRedisCache"/> does it too. Call <c>UseRedis</c> too.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    /// <remarks>All processes need the same <see cref="ExactMatchCacheOptions.InstallationKey"/>.</remarks>
    public static IIntegrationLayerBuilder UseRedisCacheInvalidation(this IIntegrationLayerBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        services.AddOptions<RedisCacheOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RedisCacheOptions>, RedisCacheOptionsValidator>());
        services.AddOptions<RedisOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RedisOptions>, RedisOptionsValidator>());
        services.TryAddSingleton<RedisConnection>();
        builder.AddSharedCaching();
        services.TryAddSingleton(static p => new RedisCacheParts(
            p.GetRequiredService<RedisConnection>(),
            p.GetRequiredService<IOptions<RedisCacheOptions>>().Value,
            p.GetRequiredService<AnswerSeal>(),
            p.GetRequiredService<SharedCacheWatch>(),
            p.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<RedisInvalidationFeed>();
        services.Replace(ServiceDescriptor.Singleton<IInvalidationFeed>(static p => p.GetRequiredService<RedisInvalidationFeed>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RedisInvalidationFeed>(static p => p.GetRequiredService<RedisInvalidationFeed>()));
        return builder;
    }
}
