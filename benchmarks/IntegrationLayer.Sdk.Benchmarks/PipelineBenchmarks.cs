using BenchmarkDotNet.Attributes;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Execution;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IntegrationLayer.Sdk.Benchmarks;

/// <summary>A call through the whole SDK over 2,500 deployments, the gateway left out.</summary>
[MemoryDiagnoser]
public class PipelineBenchmarks
{
    private readonly LlmRequest _request = Requests.Question();
    private ServiceProvider _services = null!;
    private ILlmClient _client = null!;

    [Params(false, true)]
    public bool HasBudgets { get; set; }

    [Params(false, true)]
    public bool HasCache { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        IIntegrationLayerBuilder builder = new ServiceCollection().AddIntegrationLayer(o => Requests.AddDeployments(o, 2_500));
        builder.Services.Replace(ServiceDescriptor.Singleton<IModelGateway, CannedGateway>());
        if (HasCache)
        {
            builder.UseExactMatchCache();
        }

        if (HasBudgets)
        {
            builder.UseBudgetPolicy(new FourBudgets());
        }

        _services = builder.Services.BuildServiceProvider();
        _client = _services.GetRequiredService<ILlmClient>();
    }

    [GlobalCleanup]
    public void CleanUp() => _services.Dispose();

    /// <summary>Asks the cache for nothing, but has it keep every answer.</summary>
    [Benchmark]
    public Task<LlmResponse> Ask() => _client.GetResponseAsync(_request with { Caching = Caching.CacheDirective.Refresh });

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
