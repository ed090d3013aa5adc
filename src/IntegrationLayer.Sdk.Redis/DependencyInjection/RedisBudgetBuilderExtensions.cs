using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Redis;
using IntegrationLayer.Sdk.Redis.Budgets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers budgets that several processes share.</summary>
public static class RedisBudgetBuilderExtensions
{
    /// <summary>Counts budgets in Redis, for all processes that use its key prefix. Call <c>UseRedis</c> too.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the mode and what happens while Redis is away or has lost its data.</param>
    /// <returns>The builder.</returns>
    public static IIntegrationLayerBuilder UseRedisBudgets(this IIntegrationLayerBuilder builder, Action<RedisBudgetOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<RedisBudgetOptions>().Configure(configure ?? (static _ => { })).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RedisBudgetOptions>, RedisBudgetOptionsValidator>());
        builder.Services.AddOptions<RedisOptions>().ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RedisOptions>, RedisOptionsValidator>());
        builder.Services.TryAddSingleton<RedisConnection>();
        builder.Services.Replace(ServiceDescriptor.Singleton<IBudgetLedger>(CreateLedger));
        return builder;
    }

    private static IBudgetLedger CreateLedger(IServiceProvider services)
    {
        RedisBudgetOptions options = services.GetRequiredService<IOptions<RedisBudgetOptions>>().Value;
        RedisBudgetParts parts = new(
            services.GetRequiredService<RedisConnection>(),
            options,
            services.GetService<IBudgetHistory>(),
            services.GetRequiredService<BudgetObservers>(),
            new RedisBudgetEnvironment(services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>()));
        return options.Mode is RedisBudgetMode.Lease ? new LeasingBudgetLedger(parts, new LeaseTuning()) : new RedisBudgetLedger(parts);
    }
}
