using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

/// <summary>The SDK over a scripted gateway, with a small model at 1 USD and a large one at 100 USD per million tokens.</summary>
internal sealed class PipelineHost : IAsyncDisposable
{
    private readonly ServiceProvider _provider;

    public PipelineHost(Action<IntegrationLayerOptions>? configure = null, Action<IIntegrationLayerBuilder>? build = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        IIntegrationLayerBuilder builder = services.AddIntegrationLayer(options =>
        {
            // The clock stands still: whoever waited before the next call would wait for ever.
            options.MaxAttempts = 3;
            options.Resilience.Retries.BaseDelay = TimeSpan.Zero;
            options.Resilience.Retries.MaxRetryAfter = TimeSpan.Zero;
            options.Accounts["lab"] = new AccountOptions { Provider = "openai", ApiKey = "sk-test" };
            options.Accounts["other"] = new AccountOptions { Provider = "anthropic", ApiKey = "sk-other" };
            options.Deployments.Add(new DeploymentOptions { Account = "lab", Model = "small", InputPrice = 1, OutputPrice = 1, ContextTokens = 10_000, MaxOutputTokens = 2_000, Quality = 0.3, Capabilities = ModelCapabilities.Tools });
            options.Deployments.Add(new DeploymentOptions { Account = "other", Model = "large", InputPrice = 100, OutputPrice = 100, ContextTokens = 100_000, MaxOutputTokens = 4_000, Quality = 0.9, Capabilities = ModelCapabilities.Tools | ModelCapabilities.JsonSchema | ModelCapabilities.Vision });
            configure?.Invoke(options);
        });
        builder.UseGateway(_ => Gateway);
        build?.Invoke(builder);
        _provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    public ScriptedChatClient Gateway { get; } = new();

    public ILlmClient Client => _provider.GetRequiredService<ILlmClient>();

    public T Get<T>()
        where T : notnull => _provider.GetRequiredService<T>();

    public static async Task<List<LlmResponseUpdate>> ReadAsync(IAsyncEnumerable<LlmResponseUpdate> stream)
    {
        var updates = new List<LlmResponseUpdate>();
        await foreach (LlmResponseUpdate update in stream)
        {
            updates.Add(update);
        }

        return updates;
    }

    public ValueTask DisposeAsync() => _provider.DisposeAsync();

    internal sealed class FlatPolicy(decimal usd) : IBudgetPolicy
    {
        public IReadOnlyList<BudgetLimit> GetLimits(LlmRequest request) => [new(new BudgetScope(BudgetScopeKind.Organization, "all"), usd, BudgetWindow.Day())];
    }
}
