using System.Diagnostics.CodeAnalysis;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Testing;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Integration.Tests.Docs;

/// <summary>What snippets may use without declaring it. A snippet's own variable of the same name goes first.</summary>
[SuppressMessage("Naming", "IDE1006", Justification = "They stand for local variables.")]
public static class SnippetContext
{
    public static ILlmClient client => throw new NotSupportedException();

    public static ILlmClient llm => throw new NotSupportedException();

    public static LlmRequest request => throw new NotSupportedException();

    public static LlmResponse response => throw new NotSupportedException();

    public static LlmReceipt receipt => throw new NotSupportedException();

    public static IServiceCollection services => throw new NotSupportedException();

    public static IServiceProvider provider => throw new NotSupportedException();

    public static IConfiguration configuration => throw new NotSupportedException();

    public static IntegrationLayerOptions options => throw new NotSupportedException();

    public static IEmbeddingGenerator<string, Embedding<float>> generator => throw new NotSupportedException();

    public static IntegrationLayer.Sdk.Events.IIntegrationEvents events => throw new NotSupportedException();

    public static IUsageAnalytics analytics => throw new NotSupportedException();

    public static UsageReport report => throw new NotSupportedException();

    public static FakePortkey fake => throw new NotSupportedException();

    public static WeatherService weather => throw new NotSupportedException();

    public static CancellationToken cancellationToken => throw new NotSupportedException();

    /// <summary>An application's own class, for pages that show how to test one.</summary>
    public sealed class WeatherService(ILlmClient client)
    {
        public async Task<Forecast> AskAsync(string question) => new((await client.GetResponseAsync(question)).Text);
    }

    public sealed record Forecast(string Text);

    public sealed class MyBudgetPolicy : IBudgetPolicy
    {
        public IReadOnlyList<BudgetLimit> GetLimits(LlmRequest request) => throw new NotSupportedException();
    }

    public sealed class MyCachePolicy : ICachePolicy
    {
        public CacheDecision Decide(LlmRequest request) => throw new NotSupportedException();
    }

    public sealed class MyResponseCache : IResponseCache
    {
        public ValueTask<CachedAnswer?> GetAsync(CacheKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask SetAsync(CacheKey key, CachedAnswer answer, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask RemoveAsync(CacheKey key, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
