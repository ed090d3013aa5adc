using IntegrationLayer.Sdk.Redis;
using IntegrationLayer.Sdk.Redis.SemanticCaching;
using IntegrationLayer.Sdk.SemanticCaching;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a semantic cache that several processes share.</summary>
public static class RedisSemanticCacheBuilderExtensions
{
    /// <summary>Keeps the questions and answers of the semantic cache in vector sets of Redis, for all processes with the same key prefix and installation key.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets how long Redis may take and how much a partition holds; see the defaults of <see cref="RedisSemanticIndexOptions"/>.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// Needs Redis 8 or newer, or Garnet with its vector sets enabled. Call <c>UseRedis</c> and <c>UseSemanticCache</c> too, and set
    /// <c>ExactMatchCacheOptions.InstallationKey</c>: what lies in Redis is encrypted with it. While Redis is away, questions are misses.
    /// </remarks>
    public static IIntegrationLayerBuilder UseRedisSemanticIndex(this IIntegrationLayerBuilder builder, Action<RedisSemanticIndexOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        services.AddOptions<RedisSemanticIndexOptions>().Configure(configure ?? (static _ => { })).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RedisSemanticIndexOptions>, RedisSemanticIndexOptionsValidator>());
        services.AddOptions<RedisOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RedisOptions>, RedisOptionsValidator>());
        services.TryAddSingleton<RedisConnection>();
        services.Replace(ServiceDescriptor.Singleton<ISemanticIndex, RedisSemanticIndex>());
        return builder;
    }
}
