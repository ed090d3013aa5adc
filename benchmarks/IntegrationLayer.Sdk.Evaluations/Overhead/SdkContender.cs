using System.Diagnostics;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Telemetry;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Evaluations.Overhead;

/// <summary>The SDK: the cheapest of 2,500 deployments, four budgets, an exact-match cache that misses.</summary>
internal sealed class SdkContender : Contender
{
    private static readonly LlmRequestContext Caller = new() { TenantId = "acme", TeamId = "billing", UserId = "jo", Operation = "summarize" };
    private readonly ServiceProvider _services;
    private readonly ILlmClient _client;
    private readonly bool _isWatched;

    private SdkContender(string name, Uri endpoint, bool hasPolicies, bool isWatched)
        : base(name)
    {
        var services = new ServiceCollection();
        IIntegrationLayerBuilder builder = services.AddIntegrationLayer(options =>
        {
            options.Portkey.Endpoint = endpoint;
            Deployments.AddTo(options);
        });
        if (hasPolicies)
        {
            // Small enough to be full when measuring begins: what is measured is a cache in use, not one that grows.
            builder.UseExactMatchCache(cache => cache.MaxBytes = 4 * 1024 * 1024).UseBudgetPolicy(new FourBudgets());
        }

        _services = services.BuildServiceProvider();
        _client = _services.GetRequiredService<ILlmClient>();
        _isWatched = isWatched;
    }

    public static SdkContender Standard(Uri endpoint) => new("sdk", endpoint, hasPolicies: true, isWatched: false);

    /// <summary>With the OpenTelemetry SDK listening, and a tool: what <c>meai_full</c> has too.</summary>
    public static SdkContender Watched(Uri endpoint) => new("sdk_otel", endpoint, hasPolicies: true, isWatched: true);

    /// <summary>Without budgets and cache.</summary>
    public static SdkContender RoutingOnly(Uri endpoint) => new("sdk_routing", endpoint, hasPolicies: false, isWatched: false);

    public override async Task<int> AskAsync(string question)
    {
        LlmResponse answer = await _client.GetResponseAsync(RequestOf(question));
        return answer.Text.Length;
    }

    public override async Task<(int Length, long FirstAt)> StreamAsync(string question)
    {
        (int length, long firstAt) = (0, 0);
        await foreach (LlmResponseUpdate update in _client.GetStreamingResponseAsync(RequestOf(question)))
        {
            if (update.Text is { Length: > 0 } text)
            {
                firstAt = firstAt == 0 ? Stopwatch.GetTimestamp() : firstAt;
                length += text.Length;
            }
        }

        return (length, firstAt);
    }

    public override IDisposable? Watch() => _isWatched ? new Watcher(IntegrationLayerDiagnostics.ActivitySourceName) : null;

    public override void Dispose() => _services.Dispose();

    private LlmRequest RequestOf(string question) => new(question)
    {
        Options = new ChatOptions { MaxOutputTokens = MaxOutputTokens, Tools = _isWatched ? [Tool] : null },
        Context = Caller,
    };

    private sealed class FourBudgets : IBudgetPolicy
    {
        private readonly BudgetLimit[] _limits =
        [
            new(new BudgetScope(BudgetScopeKind.Organization, "all"), 1_000_000m, BudgetWindow.Month()),
            new(new BudgetScope(BudgetScopeKind.Tenant, "acme"), 100_000m, BudgetWindow.Month()),
            new(new BudgetScope(BudgetScopeKind.Team, "billing", "acme"), 100_000m, BudgetWindow.Day()),
            new(new BudgetScope(BudgetScopeKind.User, "jo", "acme"), 100_000m, BudgetWindow.Day()),
        ];

        public IReadOnlyList<BudgetLimit> GetLimits(LlmRequest request) => _limits;
    }
}
