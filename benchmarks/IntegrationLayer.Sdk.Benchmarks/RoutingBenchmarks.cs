using BenchmarkDotNet.Attributes;
using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Pipeline;
using IntegrationLayer.Sdk.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Benchmarks;

/// <summary>Routing: pricing and ranking alone, which allocate nothing, and the whole decision.</summary>
[MemoryDiagnoser]
public class RoutingBenchmarks
{
    private readonly int[] _best = new int[3];
    private ServiceProvider _services = null!;
    private RoutePlanner _planner = null!;
    private IRouter _router = null!;
    private CostAnalysis _analysis = null!;
    private LlmRequest _request = null!;
    private double[] _costs = null!;

    public enum Candidates
    {
        Twenty,
        All2500,
        CapableOf2500,
    }

    [Params(Candidates.Twenty, Candidates.All2500, Candidates.CapableOf2500)]
    public Candidates Among { get; set; }

    [Params("LowestCost", "Balanced", "Weighted")]
    public string Policy { get; set; } = RoutingPolicies.LowestCost;

    [GlobalSetup]
    public void Prepare()
    {
        _services = new ServiceCollection()
            .AddIntegrationLayer(o => Requests.AddDeployments(o, Among is Candidates.Twenty ? 20 : 2_500))
            .Services.BuildServiceProvider();
        _planner = _services.GetRequiredService<RoutePlanner>();
        _router = _services.GetRequiredService<IRouter>();
        _request = Requests.Question(Policy, Among is Candidates.CapableOf2500 ? ModelCapabilities.Tools | ModelCapabilities.Vision : ModelCapabilities.None);
        _analysis = new CostAnalysis(_request, _services.GetRequiredService<ConfigurationSource>().Current.Candidates);
        _costs = new double[_analysis.Candidates.Deployments.Length];
        _analysis.Price(_costs);
        Console.WriteLine($"// {_costs.Length} candidates");
    }

    [GlobalCleanup]
    public void CleanUp() => _services.Dispose();

    /// <summary>Scores and picks; prices are there already.</summary>
    [Benchmark]
    public int Rank() => _router.Rank(
        new RouteContext(
            _request, _analysis.Policy, _analysis.Candidates.Columns, _costs,
            new RouteSignals(_analysis.Latencies, _analysis.Loads, _analysis.Options.LoadBalancing, _analysis.OutputTokens)),
        _best);

    /// <summary>Everything between the request and the decision: candidates, token estimate, prices, ranking, decimal bounds.</summary>
    [Benchmark]
    public RouteDecision Decide() => _planner.Rank(_planner.Analyze(_request), hasBudget: false);
}
