using System.Buffers;
using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Routing;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>The first and the third step of a request: finds the deployments that can serve it, and ranks them.</summary>
internal sealed class RoutePlanner(ConfigurationSource configuration, IRouter router, RoutingPolicyTable policies, PromptCaches caches, RandomSource random)
{
    private const int StackCosts = 256;

    // The longest shortlist that is worth being looked at.
    private const int MostListed = 1024;

    // How many a budget may choose among; without one, no more are needed than may be called.
    private const int DepthForBudgets = 16;

    // Two that are equally good are told apart by their load, even if one only may be called.
    private const int FewestToCompare = 2;

    // How many a plan shows.
    private const int DepthForPlans = 64;

    /// <summary>Gets the settings in force.</summary>
    public IntegrationLayerOptions Options => configuration.Current.Options;

    /// <summary>Sees to it that a deployment can serve a request, before somebody else's answer is given to it.</summary>
    /// <exception cref="NoEligibleModelException">None can.</exception>
    public void Check(LlmRequest request)
    {
        CandidateIndex index = configuration.Current.Candidates;
        if (index.Find(CandidateKey.Of(request, index.Deployments)).Deployments.Length == 0)
        {
            Analyze(request);
        }
    }

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
    /// <exception cref="DeploymentsUnavailableException">None that can serve the request may be called now.</exception>
    public RouteDecision Rank(CostAnalysis costs, bool hasBudget)
    {
        RouteDecision decision = Rank(costs, DepthFor(costs, hasBudget));
        return decision.Ranked.Count > 0 || decision.Outage is not null ? decision
            : throw (decision.CandidateCount > 0 ? NoEligibleModelException.RuledOut(decision) : NoEligibleModelException.For(costs));
    }

    /// <summary>Ranks those of the candidates that are left, as <see cref="Rank(CostAnalysis, bool)"/> does all of them; the ranking is empty if none can be called.</summary>
    /// <param name="costs">The candidates.</param>
    /// <param name="hasBudget">Whether a budget will choose among them.</param>
    /// <param name="isLeft">Says of a position among the candidates whether it is left.</param>
    public RouteDecision RankRest(CostAnalysis costs, bool hasBudget, Func<int, bool> isLeft) => Rank(costs, DepthFor(costs, hasBudget), isLeft);

    private static int DepthFor(CostAnalysis costs, bool hasBudget) => hasBudget ? DepthForBudgets : Math.Max(costs.Options.MaxAttempts, FewestToCompare);

    private RouteDecision Rank(CostAnalysis costs, int depth, Func<int, bool>? isLeft = null)
    {
        if (isLeft is null && depth <= Shortlist.Depth && RankByCost(costs, depth) is { } cheapest)
        {
            return cheapest;
        }

        int count = costs.Candidates.Deployments.Length;
        double[]? rented = count > StackCosts ? ArrayPool<double>.Shared.Rent(count) : null;
        Span<double> amounts = rented is null ? stackalloc double[StackCosts] : rented;
        amounts = amounts[..count];
        try
        {
            (int Eligible, int Dearest) survey = costs.Price(amounts);
            if (isLeft is not null)
            {
                survey.Eligible = Keep(isLeft, amounts);
            }

            caches.Mark(costs);
            caches.Discount(costs, amounts);
            HealthTable health = HealthTable.Of(costs.Loads);
            Span<int> best = stackalloc int[depth];
            Picks picks = Pick(costs, health, survey.Eligible, amounts, best);

            // Looking at what a provider has left takes an estimate for each: usually only those that were picked are worth it.
            picks = HasShort(costs, health, best[..picks.Well]) ? PickAround(costs, health, survey.Eligible, amounts, best) : picks;
            return Decide(costs, survey, best[..picks.Count], picks);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<double>.Shared.Return(rented);
            }
        }
    }

    // Where nothing but the cost decides, only those are looked at that can be cheapest. A prompt cache may have the beginning of a prompt that is long enough, wherever.
    private RouteDecision? RankByCost(CostAnalysis costs, int depth)
    {
        HealthTable health = HealthTable.Of(costs.Loads);
        if (!health.IsAllWell || router is not PolicyRouter || policies.Find(costs.Policy) is not LowestCostPolicy
            || costs.Shortlist is not { Count: <= MostListed } list || costs.ReadPrefix().Id != 0)
        {
            return null;
        }

        Span<double> amounts = stackalloc double[list.Count];
        (int Eligible, int Dearest) survey = costs.Price(list, amounts);
        Span<int> best = stackalloc int[depth];
        best = best[..router.Rank(new RouteContext(costs.Request, costs.Policy, list.Columns, amounts, SignalsOf(costs)), best)];
        list.ToAll(best);
        return HasShort(costs, health, best) ? null : Decide(costs, survey, best, new Picks(best.Length, best.Length, null));
    }

    private static int Keep(Func<int, bool> isLeft, Span<double> amounts)
    {
        int count = 0;
        for (int i = 0; i < amounts.Length; i++)
        {
            amounts[i] = double.IsFinite(amounts[i]) && isLeft(i) ? amounts[i] : double.PositiveInfinity;
            count += double.IsFinite(amounts[i]) ? 1 : 0;
        }

        return count;
    }

    private Picks Pick(CostAnalysis costs, HealthTable health, int eligible, Span<double> amounts, Span<int> best)
    {
        if (health.IsAllWell)
        {
            int picked = Pick(costs, amounts, best);
            return new Picks(picked, picked, null);
        }

        return PickAround(costs, health, eligible, amounts, best);
    }

    // Marks all that are short if one of the picked is, so that the next look finds them.
    private static bool HasShort(CostAnalysis costs, HealthTable health, ReadOnlySpan<int> picked)
    {
        int[] indexes = costs.Candidates.Columns.Indexes;
        bool hasShort = false;
        foreach (int candidate in picked)
        {
            hasShort |= health[indexes[candidate]].Headroom is not null && (health.Marks[indexes[candidate]] & HealthTable.ShortMark) == 0 && health.IsShort(indexes[candidate], costs.RateTokens(candidate));
        }

        for (int i = 0; hasShort && i < indexes.Length; i++)
        {
            if (health[indexes[i]].Headroom is not null && health.IsShort(indexes[i], costs.RateTokens(i)))
            {
                health.Mark(indexes[i], HealthTable.ShortMark, isSet: true);
            }
        }

        return hasShort;
    }

    // Some deployments are ill, resting, full or short: those that are well come first, then those that get a smaller share, then those that may be turned away, then the last resorts.
    private Picks PickAround(CostAnalysis costs, HealthTable health, int eligible, Span<double> amounts, Span<int> best)
    {
        int count = amounts.Length;
        double[] prices = ArrayPool<double>.Shared.Rent(count);
        Standing[] rented = ArrayPool<Standing>.Shared.Rent(count);
        try
        {
            amounts.CopyTo(prices);
            Span<Standing> standings = rented.AsSpan(0, count);
            standings.Clear();
            HealthSurvey survey = HealthSurvey.Of(costs, health, amounts, standings, random);
            if (survey.OutCount == eligible)
            {
                survey.WaiveRecovery(standings);
            }

            int picked = 0;
            for (Standing standing = Standing.Well; standing <= Standing.Short; standing++)
            {
                picked += PickOnly(standing, standings, prices, amounts, costs, best[picked..]);
            }

            int well = picked;
            for (Standing standing = Standing.Recovering; standing < Standing.Out && costs.Options.Resilience.AllUnavailable is not AllUnavailablePolicy.Fail; standing++)
            {
                picked += PickOnly(standing, standings, prices, amounts, costs, best[picked..]);
            }

            return new Picks(picked, well, survey);
        }
        finally
        {
            prices.AsSpan(0, count).CopyTo(amounts);
            ArrayPool<double>.Shared.Return(prices);
            ArrayPool<Standing>.Shared.Return(rented);
        }
    }

    private int PickOnly(Standing standing, ReadOnlySpan<Standing> standings, ReadOnlySpan<double> prices, Span<double> amounts, CostAnalysis costs, Span<int> best)
    {
        if (best.IsEmpty || !standings.Contains(standing))
        {
            return 0;
        }

        for (int i = 0; i < amounts.Length; i++)
        {
            amounts[i] = standings[i] == standing ? prices[i] : double.PositiveInfinity;
        }

        return Pick(costs, amounts, best);
    }

    // A router of the application's own may pick anything; what can't serve the request is never called.
    private int Pick(CostAnalysis costs, ReadOnlySpan<double> amounts, Span<int> best)
    {
        int picked = router.Rank(
            new RouteContext(costs.Request, costs.Policy, costs.Candidates.Columns, amounts, SignalsOf(costs)), best);
        int count = 0;
        foreach (int candidate in best[..picked])
        {
            if (double.IsFinite(amounts[candidate]))
            {
                best[count++] = candidate;
            }
        }

        return count;
    }

    private static RouteSignals SignalsOf(CostAnalysis costs) => new(
        costs.Latencies,
        costs.Loads,
        costs.Options.LoadBalancing,
        costs.Latencies.ExpectedOutput(costs.OutputTokens),
        costs.Request.Context.SessionId is { Length: > 0 } session ? StableHash.Of(session) | 1 : 0,
        costs.Prefix.Id);

    private RouteDecision Decide(CostAnalysis costs, (int Eligible, int Dearest) survey, ReadOnlySpan<int> best, Picks picks)
    {
        int outCount = picks.Health?.OutCount ?? 0;
        return new(policies.Find(costs.Policy).Name, RankedCandidates.Of(costs, best, picks.Well), survey.Eligible - outCount, (IRejectionReport?)picks.Health ?? costs)
        {
            PromptCache = caches.Hint(costs, best),
            Dearest = survey.Dearest < 0 ? null : costs.Candidates.Prices[survey.Dearest],
            Outage = outCount == survey.Eligible && outCount > 0 ? new Outage(picks.Health!.BackAt, picks.Health.IsAnyMoment) : null,
        };
    }

    /// <summary>How many candidates were picked, and how many of them, the first, are no last resort.</summary>
    private readonly record struct Picks(int Count, int Well, HealthSurvey? Health);
}
