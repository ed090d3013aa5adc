using IntegrationLayer.Sdk.Redis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what the SDK keeps in Redis.</summary>
public static class RedisIntegrationLayerBuilderExtensions
{
    /// <summary>Connects to Redis.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configuration">The servers and settings as StackExchange.Redis writes them, such as <c>localhost:6379</c>.</param>
    /// <returns>The builder.</returns>
    public static IIntegrationLayerBuilder UseRedis(this IIntegrationLayerBuilder builder, string configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return builder.UseRedis(options => options.Configuration = configuration);
    }

    /// <summary>Connects to Redis.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configuration">The servers and settings.</param>
    /// <returns>The builder.</returns>
    public static IIntegrationLayerBuilder UseRedis(this IIntegrationLayerBuilder builder, ConfigurationOptions configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return builder.UseRedis(options => options.ConfigurationOptions = configuration);
    }

    /// <summary>Connects to Redis.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the options; a section of a configuration is bound with <c>configuration.GetSection(…).Bind</c>.</param>
    /// <returns>The builder.</returns>
    public static IIntegrationLayerBuilder UseRedis(this IIntegrationLayerBuilder builder, Action<RedisOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.AddOptions<RedisOptions>().Configure(configure).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RedisOptions>, RedisOptionsValidator>());
        builder.Services.TryAddSingleton<RedisConnection>();
        return builder;
    }
}
