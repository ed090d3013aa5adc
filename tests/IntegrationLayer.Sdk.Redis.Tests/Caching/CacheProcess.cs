using System.Diagnostics.Metrics;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Redis.Caching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace IntegrationLayer.Sdk.Redis.Tests.Caching;

/// <summary>One process of an application that shares its answers.</summary>
internal sealed class CacheProcess : IAsyncDisposable
{
    public const string Secret = "a secret of this installation, and of no other";

    private readonly ServiceProvider _services;

    /// <summary>Initializes a new instance of the <see cref="CacheProcess"/> class.</summary>
    /// <param name="redis">Where Redis is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="register">Registers what isn't the usual.</param>
    /// <param name="cache">Sets what isn't the usual.</param>
    /// <param name="exact">Sets what isn't the usual of the exact-match cache.</param>
    public CacheProcess(
        string redis,
        TimeProvider? time = null,
        Action<IIntegrationLayerBuilder>? register = null,
        Action<RedisCacheOptions>? cache = null,
        Action<ExactMatchCacheOptions>? exact = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(time ?? TimeProvider.System);
        IIntegrationLayerBuilder builder = services.AddIntegrationLayer(options =>
        {
            options.Accounts["lab"] = new AccountOptions { Provider = "openai", ApiKey = "sk-test" };
            options.Deployments.Add(new DeploymentOptions { Account = "lab", Model = "small", InputPrice = 1, OutputPrice = 1, ContextTokens = 10_000, MaxOutputTokens = 1_000 });
        });
        builder.UseGateway(_ => Model).UseExactMatchCache(o =>
        {
            (o.InstallationKey, o.Jitter) = (Secret, 0);
            exact?.Invoke(o);
        });

        // Long enough for a busy machine: what is tested isn't how fast it is.
        builder.UseRedis(redis).UseRedisCache(o =>
        {
            o.Timeout = TimeSpan.FromSeconds(5);
            cache?.Invoke(o);
        });
        register?.Invoke(builder);
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });
        Lookups = new MetricCollector<long>(
            _services.GetRequiredService<IMeterFactory>(), Sdk.Telemetry.IntegrationLayerDiagnostics.MeterName, "integration_layer.cache.lookups");
    }

    public CountingClient Model { get; } = new();

    public ILlmClient Client => Get<ILlmClient>();

    public IResponseCacheInvalidator Invalidator => Get<IResponseCacheInvalidator>();

    /// <summary>Gets the cache without the memory in front.</summary>
    public RedisResponseCache Shared => Get<RedisResponseCache>();

    public MetricCollector<long> Lookups { get; }

    /// <summary>Gets what came of the looks into the shared cache.</summary>
    public string[] SharedResults =>
    [
        .. Lookups.GetMeasurementSnapshot().Where(static m => (string?)m.Tags["integration_layer.cache.level"] == "shared").Select(static m => (string)m.Tags["integration_layer.cache.result"]!),
    ];

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Asks, and says where the answer came from.</summary>
    public Task<CacheOutcome> AskAsync(string question = "hello", string? tenant = null, CacheDirective? directive = null, bool stream = false) =>
        AskAsync(new LlmRequest(question) { Context = new LlmRequestContext { TenantId = tenant }, Caching = directive ?? CacheDirective.Default }, stream);

    /// <summary>Asks, and says where the answer came from.</summary>
    /// <remarks>Returns when the answer can be found by others: who made the call doesn't wait for that.</remarks>
    public async Task<CacheOutcome> AskAsync(LlmRequest request, bool stream = false)
    {
        LlmReceipt? receipt = null;
        if (stream)
        {
            await foreach (LlmResponseUpdate update in Client.GetStreamingResponseAsync(request))
            {
                receipt = update.Receipt;
            }
        }
        else
        {
            receipt = (await Client.GetResponseAsync(request)).Receipt;
        }

        while (receipt!.Cache is CacheOutcome.Miss && Get<FlightTable>().Count > 0)
        {
            await Task.Yield();
        }

        return receipt.Cache;
    }

    /// <summary>Waits until it hears of the invalidations of others.</summary>
    public async Task<CacheProcess> ListeningAsync()
    {
        var feed = Get<RedisInvalidationFeed>();
        await feed.StartAsync(default);
        await feed.Listening.Task;
        return this;
    }

    /// <summary>Tells when it has heard of an invalidation.</summary>
    public Task HeardAsync()
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Get<CacheInvalidations>().Invalidated += _ => heard.TrySetResult();
        return heard.Task;
    }

    public async ValueTask DisposeAsync()
    {
        Lookups.Dispose();
        await _services.DisposeAsync();
    }
}
