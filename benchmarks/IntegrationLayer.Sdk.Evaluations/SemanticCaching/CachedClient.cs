using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Evaluations.SemanticCaching;

/// <summary>The SDK as an application uses it, with both caches, in front of a <see cref="ClusterModel"/>.</summary>
internal sealed class CachedClient : IAsyncDisposable
{
    private readonly ServiceProvider _provider;
    private readonly ILlmClient _client;

    public CachedClient()
    {
        var services = new ServiceCollection();
        services.AddIntegrationLayer(static options =>
        {
            options.Accounts["lab"] = new AccountOptions { Provider = "openai", ApiKey = "unused" };
            options.Deployments.Add(new DeploymentOptions { Account = "lab", Model = "model", InputPrice = 1, OutputPrice = 1, ContextTokens = 100_000, MaxOutputTokens = 1_000, Quality = 0.5 });
        })
            .UseGateway(_ => Model)
            .UseExactMatchCache(static o => o.TimeToLive = TimeSpan.FromDays(30))
            .UseSemanticCache();
        services.AddLogging(static l => l.ClearProviders());
        services.AddSingleton(new RandomSource(1));
        _provider = services.BuildServiceProvider();
        _client = _provider.GetRequiredService<ILlmClient>();
    }

    /// <summary>Gets the model.</summary>
    public ClusterModel Model { get; } = new();

    /// <summary>Asks a question.</summary>
    /// <param name="question">The question.</param>
    /// <param name="cluster">Its cluster.</param>
    /// <param name="tenant">The partition; <see langword="null"/> for the one that all share.</param>
    /// <returns>What the cache did, and whether the answer is that of the cluster.</returns>
    public async Task<(CacheOutcome Outcome, bool IsRight)> AskAsync(string question, string cluster, string? tenant = null)
    {
        Model.Clusters[question] = cluster;
        var request = new LlmRequest(question)
        {
            Context = new LlmRequestContext { TenantId = tenant },
            Caching = CacheDirective.Default with { Scope = tenant is null ? CacheScope.Shared : CacheScope.Tenant },
        };
        LlmResponse response = await _client.GetResponseAsync(request);

        // The background checks end before the next question, so that every run is the same.
        await _provider.GetRequiredService<SemanticFollowUp>().Idle;
        return (response.Receipt.Cache, response.Text == ClusterModel.AnswerOf(cluster));
    }

    public ValueTask DisposeAsync() => _provider.DisposeAsync();
}
