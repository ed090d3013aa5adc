using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Redis;
using IntegrationLayer.Sdk.Redis.Health;
using IntegrationLayer.Sdk.Resilience;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers gossip of health between processes.</summary>
public static class RedisHealthBuilderExtensions
{
    /// <summary>Lets the processes that use one key prefix tell each other which deployments, accounts and gateways are ill. Call <c>UseRedis</c> too.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets at least the secret by which they know each other, <see cref="RedisHealthGossipOptions.Key"/>.</param>
    /// <returns>The builder.</returns>
    public static IIntegrationLayerBuilder UseRedisHealthGossip(this IIntegrationLayerBuilder builder, Action<RedisHealthGossipOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        IServiceCollection services = builder.Services;
        services.AddOptions<RedisHealthGossipOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RedisHealthGossipOptions>, RedisHealthGossipOptionsValidator>());
        services.AddOptions<RedisOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RedisOptions>, RedisOptionsValidator>());
        services.TryAddSingleton<RedisConnection>();
        services.TryAddSingleton(Create);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHealthObserver, RedisHealthGossip>(static p => p.GetRequiredService<RedisHealthGossip>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RedisHealthGossip>(static p => p.GetRequiredService<RedisHealthGossip>()));
        return builder;
    }

    private static RedisHealthGossip Create(IServiceProvider services)
    {
        RedisHealthGossipOptions options = services.GetRequiredService<IOptions<RedisHealthGossipOptions>>().Value;
        RedisConnection connection = services.GetRequiredService<RedisConnection>();
        TimeProvider time = services.GetRequiredService<TimeProvider>();
        string channel = RedisHealthGossip.ChannelOf(connection.KeyPrefix);
        var seal = new RumorSeal(options.Key, channel);

        // Health tells its observers, this one among them, so it can't be asked for before it is there.
        var mill = new RumorMill(seal, options.MaxRest, time, services.GetRequiredService<HealthRegistry>, services.GetRequiredService<ConfigurationSource>);
        return new RedisHealthGossip(connection, mill, seal, time, channel);
    }
}
