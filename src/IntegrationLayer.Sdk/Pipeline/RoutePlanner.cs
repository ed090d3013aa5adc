using System.Buffers;
using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Routing;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>The first and the third step of a request: finds the deployments that can serve it, and ranks them.</summary>
internal sealed class RoutePlanner(ConfigurationSource configuration, IRouter router, RoutingPolicyTable policies)
{
    private const int StackCosts = 256;

    // How many a budget may choose among; without one, no more are needed than may be called.
    private const int DepthForBudgets = 16;

    // How many a plan shows.
    private const int DepthForPlans = 64;

    /// <summary>Finds the deployments that can serve a request, whatever its length.</summary>
    public CostAnalysis Analyze(LlmRequest request)
    {
        CandidateIndex index = configuration.Current.Candidates;
        var costs = new CostAnalysis(request, index);
        return costs.Candidates.Deployments.Length > 0 ? costs : throw NoEligibleModelException.For(costs, request, index.Deployments);
    }

    /// <summary>Decides where a request would go, without a reason to stop: an empty ranking says that nobody can serve it.</summary>
    public RouteDecision Plan(LlmRequest request) =>
        Rank(new CostAnalysis(request, configuration.Current.Candidates), DepthForPlans);

    /// <summary>Prices the candidates and ranks them.</summary>
    /// <param name="costs">The candidates.</param>
    /// <param name="hasBudget">Whether a budget will choose among them.</param>
    /// <exception cref="NoEligibleModelException">None can serve the request.</exception>
    public RouteDecision Rank(CostAnalysis costs, bool hasBudget)
    {
        RouteDecision decision = Rank(costs, hasBudget ? DepthForBudgets : costs.Options.MaxAttempts);
        return decision.Ranked.Count > 0 ? decision
            : throw (decision.CandidateCount > 0 ? NoEligibleModelException.RuledOut(decision) : NoEligibleModelException.For(costs));
    }

    private RouteDecision Rank(CostAnalysis costs, int depth)
    {
        CandidateSet candidates = costs.Candidates;
        int count = candidates.Deployments.Length;
        double[]? rented = count > StackCosts ? ArrayPool<double>.Shared.Rent(count) : null;
        Span<double> amounts = rented is null ? stackalloc double[StackCosts] : rented;
        amounts = amounts[..count];
        try
        {
            costs.Price(amounts);
            Span<int> best = stackalloc int[depth];
            int picked = router.Rank(
                new RouteContext(costs.Request, costs.Policy, candidates.Deployments, amounts, candidates.Indexes, costs.Latencies, costs.OutputTokens), best);
            return Decide(costs, amounts, OnlyEligible(amounts, best[..picked]));
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<double>.Shared.Return(rented);
            }
        }
    }

    // A router of the application's own may pick anything; what can't serve the request is never called.
    private static ReadOnlySpan<int> OnlyEligible(ReadOnlySpan<double> amounts, Span<int> picked)
    {
        int count = 0;
        foreach (int candidate in picked)
        {
            if (double.IsFinite(amounts[candidate]))
            {
                picked[count++] = candidate;
            }
        }

        return picked[..count];
    }

    private RouteDecision Decide(CostAnalysis costs, ReadOnlySpan<double> amounts, ReadOnlySpan<int> best)
    {
        (int eligible, int dearest) = CostColumn.Survey(amounts);
        return new RouteDecision(policies.Find(costs.Policy).Name, RankedCandidates.Of(costs, best), eligible, costs)
        {
            Dearest = dearest < 0 ? null : costs.Candidates.Prices[dearest],
        };
    }
}
