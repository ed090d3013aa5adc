using System.Collections.Concurrent;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>Remembers the candidates of each kind of request, so that the hard constraints are checked once and not for every request.</summary>
/// <remarks>Bounded: beyond <see cref="MaxKeys"/> kinds or <see cref="MaxCandidates"/> candidates of them all (about 100 bytes each) it starts afresh. Names that nothing bears are not remembered.</remarks>
internal sealed class CandidateIndex
{
    /// <summary>How many kinds of request are remembered.</summary>
    public const int MaxKeys = 1_024;

    /// <summary>How many candidates are remembered, over all kinds.</summary>
    public const int MaxCandidates = 512 * 1_024;

    private readonly ConcurrentDictionary<CandidateKey, CandidateSet> _sets = new();
    private readonly ModelPrices _highest;
    private readonly TokenScale[] _scales;
    private int _candidates;

    public CandidateIndex(DeploymentSet deployments, LatencyTable latencies, LoadTable loads, IntegrationLayerOptions options, ITokenEstimator estimator)
    {
        Deployments = deployments;
        Latencies = latencies;
        Loads = loads;
        Options = options;
        Estimator = estimator;
        _scales = [.. deployments.All.Select(d => estimator.ScaleFor(d.Model))];
        _highest = new ModelPrices
        {
            Input = deployments.All.Max(d => d.Model.Prices.Input),
            Output = deployments.All.Max(d => d.Model.Prices.Output),
            PerRequest = deployments.All.Max(d => d.Model.Prices.PerRequest),
        };
    }

    public DeploymentSet Deployments { get; }

    public LatencyTable Latencies { get; }

    public LoadTable Loads { get; }

    public IntegrationLayerOptions Options { get; }

    public ITokenEstimator Estimator { get; }

    /// <summary>Gets what recognises answers of other models than were asked for.</summary>
    public ServedModels? Served { get; init; }

    /// <summary>Gets the model that savings are reckoned against, if one is configured.</summary>
    public ModelInfo? Reference { get; init; }

    /// <summary>Gets the candidates of requests with a key; possibly none.</summary>
    public CandidateSet Find(in CandidateKey key) => _sets.TryGetValue(key, out CandidateSet? set) ? set : Build(key);

    private CandidateSet Build(CandidateKey key)
    {
        Deployment[] eligible = [.. Deployments.All.Where(d => Eligibility.ReasonAgainst(d, key, Deployments, Options.UnknownPrices) is null)];
        var set = new CandidateSet(key, eligible, _scales, Options.UnknownPrices, _highest);
        if (eligible.Length > 0)
        {
            if (_sets.Count >= MaxKeys || Interlocked.Add(ref _candidates, eligible.Length) > MaxCandidates)
            {
                _sets.Clear();
                Volatile.Write(ref _candidates, eligible.Length);
            }

            _sets[key] = set;
        }

        return set;
    }
}
