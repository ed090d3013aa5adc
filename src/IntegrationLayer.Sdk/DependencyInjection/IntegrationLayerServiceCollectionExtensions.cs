using System.Diagnostics.CodeAnalysis;
using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Events;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Pipeline;
using IntegrationLayer.Sdk.Portkey;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Routing;
using IntegrationLayer.Sdk.Telemetry;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the SDK.</summary>
public static class IntegrationLayerServiceCollectionExtensions
{
    /// <summary>Registers the SDK; its options are configured elsewhere.</summary>
    /// <param name="services">The services.</param>
    /// <returns>A builder to go on with.</returns>
    public static IIntegrationLayerBuilder AddIntegrationLayer(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<IntegrationLayerOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<IntegrationLayerOptions>, MissingSettings>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IntegrationLayerOptions>, IntegrationLayerOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IntegrationLayerOptions>, IntegrationLayerOptionsCrossValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IntegrationLayerOptions>, HealthOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IntegrationLayerOptions>, ResilienceOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IntegrationLayerOptions>, TimeoutOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IntegrationLayerOptions>, RetryOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IntegrationLayerOptions>, TelemetryOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IntegrationLayerOptions>, HedgingOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IntegrationLayerOptions>, LoadBalancingOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, StartupCheck>());
        services.AddLogging();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<CatalogueLoader>();
        services.TryAddSingleton<RandomSource>(static _ => new RandomSource());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHealthObserver, HealthLog>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHealthObserver, HealthTelemetry>(static p => new HealthTelemetry(p.GetRequiredService<LlmTelemetry>)));
        services.TryAddSingleton<HealthRegistry>();
        services.TryAddSingleton<IProviderStatus, ProviderStatus>();
        services.TryAddSingleton<SnapshotBuilder>();
        services.TryAddSingleton<ConfigurationSource>();

        AddCosting(services);
        AddCaching(services);
        AddBudgets(services);
        AddRouting(services);
        AddGateway(services);

        AddUsage(services);
        services.TryAddSingleton(static p => new LlmTelemetry(
            p.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), p.GetRequiredService<ConfigurationSource>().Current.Options.Telemetry,
            p.GetService<Microsoft.Extensions.Compliance.Redaction.IRedactorProvider>()?.GetRedactor(IntegrationLayerDiagnostics.ContentClassification)));
        AddEvents(services);
        services.TryAddSingleton<MonitoringStep>();
        services.TryAddSingleton<CacheStep>();
        services.TryAddSingleton<CoalescingStep>();
        services.TryAddSingleton<BudgetStep>();
        services.TryAddSingleton<BudgetWatch>();
        services.TryAddSingleton<ExecutionStep>();
        services.TryAddSingleton<SettlementStep>();
        services.TryAddSingleton<HedgingStep>();
        services.TryAddSingleton<HedgeBudget>();
        services.TryAddSingleton<RetryBudget>();
        services.TryAddSingleton<RetryPolicy>();
        services.TryAddSingleton<ContinuationStep>();
        services.TryAddSingleton<LlmPipeline>();
        services.TryAddSingleton<ILlmClient>(static p => p.GetRequiredService<LlmPipeline>());
        services.TryAddSingleton<IRoutePlanner>(static p => p.GetRequiredService<LlmPipeline>());
        services.TryAddSingleton<IChatClient>(static p => p.GetRequiredService<ILlmClient>().AsChatClient());
        services.TryAddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(static p => new LlmEmbeddingGenerator(p.GetRequiredService<LlmPipeline>));
        return new IntegrationLayerBuilder(services);
    }

    /// <summary>Registers the SDK and configures it in code.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder to go on with.</returns>
    public static IIntegrationLayerBuilder AddIntegrationLayer(this IServiceCollection services, Action<IntegrationLayerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        IIntegrationLayerBuilder builder = services.AddIntegrationLayer();
        services.Configure(configure);
        return builder;
    }

    /// <summary>Registers the SDK and binds its options to a configuration; a change while running is taken over if it is valid.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The whole configuration, of which the section <c>IntegrationLayer</c> is used, or that section itself. A key in it that is no setting, and a value that can't be read, are errors at the start.</param>
    /// <returns>A builder to go on with.</returns>
    public static IIntegrationLayerBuilder AddIntegrationLayer(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        IIntegrationLayerBuilder builder = services.AddIntegrationLayer();
        IConfigurationSection section = configuration.GetSection("IntegrationLayer");
        IConfiguration settings = section.Exists() ? section : configuration;
        services.AddSingleton<IConfigureOptions<IntegrationLayerOptions>>(p => new ConfigurationKeyValidator(settings, p.GetServices<KnownConfigurationSection>()));
        services.AddSingleton<IValidateOptions<IntegrationLayerOptions>>(p => new ConfigurationKeyValidator(settings, p.GetServices<KnownConfigurationSection>()));
        services.Configure<IntegrationLayerOptions>(settings);
        services.AddSingleton(new BoundSettings(settings));
        return builder;
    }

    /// <summary>Adds a routing policy, for the configuration and requests to refer to by its name.</summary>
    /// <typeparam name="T">The policy; a singleton, its dependencies injected.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IIntegrationLayerBuilder AddRoutingPolicy<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(this IIntegrationLayerBuilder builder)
        where T : class, IRoutingPolicy
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IRoutingPolicy, T>());
        return builder;
    }

    /// <summary>Sets the weights of the policy <see cref="RoutingPolicies.Balanced"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the weights.</param>
    /// <returns>The builder.</returns>
    public static IIntegrationLayerBuilder ConfigureBalancedRouting(this IIntegrationLayerBuilder builder, Action<BalancedRoutingOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure(configure);
        return builder;
    }

    /// <summary>Answers equal requests of one tenant from memory.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets how long and how much; the defaults are 10 minutes and 64 MiB.</param>
    /// <returns>The builder.</returns>
    public static IIntegrationLayerBuilder UseExactMatchCache(this IIntegrationLayerBuilder builder, Action<ExactMatchCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<ExactMatchCacheOptions>().Configure(configure ?? (static _ => { })).ValidateOnStart();
        builder.Services.Replace(ServiceDescriptor.Singleton<ICachePolicy, ExactMatchCachePolicy>());
        return builder;
    }

    /// <summary>Decides by a policy of your own what is cached.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="policy">The policy.</param>
    /// <returns>The builder.</returns>
    public static IIntegrationLayerBuilder UseCachePolicy(this IIntegrationLayerBuilder builder, ICachePolicy policy)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(policy);
        builder.Services.Replace(ServiceDescriptor.Singleton(policy));
        return builder;
    }

    /// <summary>Decides by a policy of your own which budgets a request counts against, instead of the limits in the configuration.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="policy">The policy.</param>
    /// <returns>The builder.</returns>
    public static IIntegrationLayerBuilder UseBudgetPolicy(this IIntegrationLayerBuilder builder, IBudgetPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(policy);
        builder.Services.Replace(ServiceDescriptor.Singleton(policy));
        return builder;
    }

    /// <summary>Sends calls to an <see cref="IChatClient"/> instead of Portkey: another gateway, a provider's own client, a fake.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="chatClient">Makes the client. The model to call is in its options.</param>
    /// <param name="embeddingGenerator">Makes the embedding generator, if there is one.</param>
    /// <returns>The builder.</returns>
    public static IIntegrationLayerBuilder UseGateway(
        this IIntegrationLayerBuilder builder,
        Func<IServiceProvider, IChatClient> chatClient,
        Func<IServiceProvider, IEmbeddingGenerator<string, Embedding<float>>>? embeddingGenerator = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(chatClient);
        foreach (ServiceDescriptor check in builder.Services.Where(d => d.ImplementationType == typeof(PortkeyOptionsValidator)).ToArray())
        {
            builder.Services.Remove(check);
        }

        bool isMaking = false;
        builder.Services.Replace(ServiceDescriptor.Singleton<IModelGateway>(p =>
        {
            // The container would go round until the stack overflows.
            if (isMaking)
            {
                throw new InvalidOperationException(
                    "UseGateway resolves the SDK's own IChatClient or IEmbeddingGenerator, which needs the gateway. Give it the provider's client, or register that one before AddIntegrationLayer.");
            }

            isMaking = true;
            try
            {
                return new ChatClientGateway(chatClient(p), embeddingGenerator?.Invoke(p));
            }
            finally
            {
                isMaking = false;
            }
        }));
        return builder;
    }

    private static void AddCosting(IServiceCollection services) => services.TryAddSingleton<ITokenEstimator, TokenEstimator>();

    private static void AddCaching(IServiceCollection services)
    {
        services.AddOptions<ExactMatchCacheOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ExactMatchCacheOptions>, ExactMatchCacheOptionsValidator>());
        services.TryAddSingleton<CacheKeyRing>();
        services.TryAddSingleton<CacheInvalidations>();
        services.TryAddSingleton<AnswerStore>();
        services.TryAddSingleton<AnswerMaker>();
        services.TryAddSingleton<FlightTable>();
        services.TryAddSingleton<IResponseCacheInvalidator, ResponseCacheInvalidator>();
        services.TryAddSingleton<ICachePolicy, NoCachePolicy>();
        services.TryAddSingleton<IResponseCache, InMemoryResponseCache>();
    }

    private static void AddBudgets(IServiceCollection services)
    {
        services.TryAddSingleton<IBudgetPolicy>(static p =>
        {
            ConfigurationSource configuration = p.GetRequiredService<ConfigurationSource>();
            return new ConfiguredBudgetPolicy(() => configuration.Current.Budgets);
        });
        services.TryAddSingleton<BudgetObservers>();
        services.TryAddSingleton<IBudgetLedger, InMemoryBudgetLedger>();
    }

    private static void AddEvents(IServiceCollection services)
    {
        services.TryAddSingleton<EventHub>();
        services.TryAddSingleton(static p => new EventSources(p.GetRequiredService<EventHub>));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHealthObserver, EventSources>(static p => p.GetRequiredService<EventSources>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IBudgetObserver, EventSources>(static p => p.GetRequiredService<EventSources>()));

        // Only those who want to listen need to know of them.
        services.TryAddSingleton<IIntegrationEvents>(static p =>
        {
            EventHub hub = p.GetRequiredService<EventHub>();
            EventSources.Connect(hub, p.GetRequiredService<ConfigurationSource>(), p.GetRequiredService<CacheInvalidations>(), p.GetRequiredService<LlmTelemetry>());
            return hub;
        });
    }

    private static void AddUsage(IServiceCollection services)
    {
        services.TryAddSingleton(static p => new InMemoryUsageStore(
            p.GetRequiredService<ConfigurationSource>().Current.Options.Usage.RecordsInMemory, p.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IUsageStore>(static p => p.GetRequiredService<InMemoryUsageStore>());
        services.TryAddSingleton<IUsageAnalytics>(static p => p.GetRequiredService<InMemoryUsageStore>());
    }

    private static void AddRouting(IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BalancedRoutingOptions>, BalancedRoutingOptionsValidator>());
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IRoutingPolicy, LowestCostPolicy>(),
            ServiceDescriptor.Singleton<IRoutingPolicy, LowestLatencyPolicy>(),
            ServiceDescriptor.Singleton<IRoutingPolicy, LeastLoadedPolicy>(),
            ServiceDescriptor.Singleton<IRoutingPolicy, HighestQualityPolicy>(),
            ServiceDescriptor.Singleton<IRoutingPolicy, WeightedPolicy>(),
            ServiceDescriptor.Singleton<IRoutingPolicy, PriorityPolicy>(),
            ServiceDescriptor.Singleton<IRoutingPolicy, BalancedPolicy>(),
        ]);
        services.TryAddSingleton<RoutingPolicyTable>();
        services.TryAddSingleton<IRouter, PolicyRouter>();
        services.TryAddSingleton<PromptCaches>();
        services.TryAddSingleton<RoutePlanner>();
        services.TryAddSingleton<RoutingStep>();
    }

    private static void AddGateway(IServiceCollection services)
    {
        if (services.Any(d => d.ServiceType == typeof(IModelGateway)))
        {
            return;
        }

        services.AddPortkeyGateways();
    }
}
