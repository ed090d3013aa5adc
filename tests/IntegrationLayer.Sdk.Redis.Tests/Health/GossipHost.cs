using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Redis.Health;
using IntegrationLayer.Sdk.Resilience;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Redis.Tests.Health;

/// <summary>One process of an application, as far as its health goes.</summary>
internal sealed class GossipHost : IAsyncDisposable, IHealthObserver
{
    public const string Key = "a secret of all processes";
    private readonly ServiceProvider _services;
    private readonly TaskCompletionSource<HealthChange> _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public GossipHost(string? redis = null, string apiKey = "sk-1", TimeProvider? time = null, string key = Key)
    {
        var services = new ServiceCollection();
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddSingleton<IHealthObserver>(this);
        IIntegrationLayerBuilder builder = services.AddIntegrationLayer(options =>
        {
            options.Portkey.Endpoint = new Uri("http://127.0.0.1:1/v1/");
            options.Accounts["lab"] = new AccountOptions { Provider = "openai", ApiKey = apiKey, Models = { "gpt-4o", "gpt-4o-mini" } };
        });
        if (redis is not null)
        {
            builder.UseRedis(redis).UseRedisHealthGossip(options => options.Key = key);
        }

        _services = services.BuildServiceProvider();
        _ = _services.GetRequiredService<ConfigurationSource>().Current;
    }

    public HealthRegistry Registry => _services.GetRequiredService<HealthRegistry>();

    public RedisHealthGossip Gossip => _services.GetRequiredService<RedisHealthGossip>();

    /// <summary>Completes with the first change of health here.</summary>
    public Task<HealthChange> Changed => _changed.Task;

    public RumorMill Mill(string key = Key, TimeProvider? time = null) =>
        new(new RumorSeal(key, "test"), TimeSpan.FromMinutes(15), time ?? TimeProvider.System, () => Registry, _services.GetRequiredService<ConfigurationSource>);

    public HealthVerdict Examine(HealthKind kind, string name) => Registry.Find(kind, name)!.Examine();

    /// <summary>A call comes to something.</summary>
    public void Call(HealthKind kind, string name, CallOutcome outcome, TimeSpan? retryAfter = null, int times = 1)
    {
        CircuitBreaker breaker = Registry.Find(kind, name)!;
        for (int i = 0; i < times; i++)
        {
            Assert.That(breaker.TryEnter(isLastResort: true, out Permit permit));
            breaker.Leave(permit, outcome, retryAfter);
        }
    }

    public async Task ListenAsync()
    {
        await Gossip.StartAsync(default);
        await Gossip.Listening.Task;
    }

    void IHealthObserver.Changed(in HealthChange change) => _changed.TrySetResult(change);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
