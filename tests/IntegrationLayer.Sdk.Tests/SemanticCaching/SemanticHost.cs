using System.Diagnostics.Metrics;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Pipeline;
using IntegrationLayer.Sdk.SemanticCaching;
using IntegrationLayer.Sdk.Telemetry;
using IntegrationLayer.Sdk.Testing;
using IntegrationLayer.Sdk.Caching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

/// <summary>The whole SDK with the semantic cache, over a scripted gateway.</summary>
internal sealed class SemanticHost : IAsyncDisposable
{
    private readonly ServiceProvider _provider;
    private readonly MetricCollector<long> _lookups;

    public SemanticHost(Action<SemanticCacheOptions>? configure = null, Action<IIntegrationLayerBuilder>? build = null, FakePortkeyReply? first = null)
    {
        if (first is not null)
        {
            Fake.OnChat().Reply(first).Times(1);
        }

        Fake.OnChat().Reply(request => Answer(request.Prompt)).Optional();
        var services = new ServiceCollection();
        services.AddLogging(l => l.AddProvider(new FakeLoggerProvider(Logs)));
        services.AddSingleton<TimeProvider>(Time);
        IIntegrationLayerBuilder builder = services.AddIntegrationLayer(static options =>
        {
            options.Accounts["lab"] = new AccountOptions { Provider = "openai", ApiKey = "sk-test" };
            options.Deployments.Add(new DeploymentOptions { Account = "lab", Model = "gpt-4o-mini", InputPrice = 1, OutputPrice = 1, ContextTokens = 100_000, MaxOutputTokens = 2_000, Quality = 0.5, Capabilities = ModelCapabilities.Tools | ModelCapabilities.JsonSchema | ModelCapabilities.Vision });
            options.Deployments.Add(new DeploymentOptions { Account = "lab", Model = "text-embedding-3-small", Kind = ModelKind.Embedding, InputPrice = 0.1m, OutputPrice = 0, ContextTokens = 8_000 });
        });
        builder.UseFakePortkey(Fake).UseExactMatchCache(static o => o.Jitter = 0).UseSemanticCache(o =>
        {
            o.ShadowRate = 0;
            configure?.Invoke(o);
        });
        build?.Invoke(builder);
        _provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });
        _lookups = new MetricCollector<long>(_provider.GetRequiredService<IMeterFactory>(), IntegrationLayerDiagnostics.MeterName, "integration_layer.cache.lookups");
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    public FakePortkey Fake { get; } = new();

    public FakeLogCollector Logs { get; } = new();

    /// <summary>What the model answers to a question.</summary>
    public Func<string, string> Answer { get; set; } = static question => $"The answer to: {question}";

    public ILlmClient Client => _provider.GetRequiredService<ILlmClient>();

    public ISemanticCacheFeedback Feedback => _provider.GetRequiredService<ISemanticCacheFeedback>();

    /// <summary>Ends when no answer is being checked.</summary>
    public Task Idle => _provider.GetRequiredService<SemanticFollowUp>().Idle;

    public T Get<T>()
        where T : notnull => _provider.GetRequiredService<T>();

    /// <summary>The ids of what the semantic cache logged.</summary>
    public IEnumerable<int> Logged => Logs.GetSnapshot().Select(static r => r.Id.Id).Where(static id => id is 1120 or 1121 or (> 1500 and < 1600));

    /// <summary>How often the semantic cache was looked into with a result.</summary>
    public int Lookups(string result) => _lookups.GetMeasurementSnapshot().Count(m => m.ContainsTags(new KeyValuePair<string, object?>("integration_layer.cache.level", "semantic"), new("integration_layer.cache.result", result)));

    public static LlmRequest Ask(string question, string? tenant = "acme") => new(question) { Context = new LlmRequestContext { TenantId = tenant } };

    public async Task<LlmResponse> AskAsync(string question, string? tenant = "acme") => await Client.GetResponseAsync(Ask(question, tenant));

    public async Task<CacheOutcome> OutcomeOfAsync(LlmRequest request) => (await Client.GetResponseAsync(request)).Receipt.Cache;

    public ValueTask DisposeAsync()
    {
        _lookups.Dispose();
        return _provider.DisposeAsync();
    }
}
