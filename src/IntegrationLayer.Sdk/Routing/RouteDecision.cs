using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Routing;

/// <summary>Where a request goes, in what order, and why not elsewhere.</summary>
public sealed class RouteDecision
{
    private const int MaxNamesInText = 5;
    private readonly IRejectionReport? _report;

    internal RouteDecision(string policy, IReadOnlyList<RankedDeployment> ranked, int candidateCount, IRejectionReport? report)
    {
        Policy = policy;
        Ranked = ranked;
        CandidateCount = candidateCount;
        _report = report;
    }

    /// <summary>Gets the name of the policy that decided.</summary>
    public string Policy { get; }

    /// <summary>Gets the deployments to call, best first; as many as may be needed, not all that could serve.</summary>
    public IReadOnlyList<RankedDeployment> Ranked { get; }

    /// <summary>Gets how many deployments met the requirements.</summary>
    public int CandidateCount { get; }

    /// <summary>Gets what a prompt cache is expected to save, which the ranking reckoned with.</summary>
    /// <value><see langword="null"/> when nothing is expected: the prompt is short, or not known to have been read by any of the ranked lately.</value>
    public PromptCacheHint? PromptCache { get; internal init; }

    /// <summary>Gets the prices of the dearest deployment that could serve the request: what savings are reckoned against.</summary>
    internal ModelPrices? Dearest { get; init; }

    /// <summary>Gets when those that could serve the request may be back; <see langword="null"/> unless they all are ill, resting or full.</summary>
    internal Outage? Outage { get; init; }

    /// <summary>Gets one reason for each deployment that can't serve the request.</summary>
    /// <remarks>Reckoned when asked for, from the configuration that the decision was taken on.</remarks>
    public IReadOnlyList<RejectedDeployment> Rejected => field ??= _report?.Explain() ?? [];

    /// <summary>Gets a value indicating whether some of the candidates aren't ranked.</summary>
    internal bool HasMore => CandidateCount > Ranked.Count;

    /// <summary>Extends the ranking.</summary>
    internal RouteDecision With(IReadOnlyList<RankedDeployment> rest) =>
        rest.Count == 0 ? this : new(Policy, [.. Ranked, .. rest], CandidateCount, _report) { Dearest = Dearest, Outage = Outage, PromptCache = PromptCache };

    /// <summary>Gives the policy and the first five deployments, best first: <c>LowestCost: a &gt; b (2 candidates)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        string names = Ranked.Count == 0 ? "nobody" : string.Join(" > ", Ranked.Take(MaxNamesInText).Select(r => r.Deployment.Name));
        return $"{Policy}: {names}{(Ranked.Count > MaxNamesInText ? " > …" : "")} ({CandidateCount} {(CandidateCount == 1 ? "candidate" : "candidates")})";
    }
}
