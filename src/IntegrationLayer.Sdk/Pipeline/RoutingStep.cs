using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Routing;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>The third step of a request: ranks the candidates. When all of them are ill, resting or full, it waits, if that is the policy and the time allows it.</summary>
internal sealed class RoutingStep(RoutePlanner planner, TimeProvider timeProvider)
{
    // Whoever waits looks again at least this often: not all that can change makes itself heard.
    private static readonly TimeSpan LongestBlindWait = TimeSpan.FromSeconds(1);

    /// <summary>Ranks the candidates.</summary>
    /// <param name="costs">The candidates.</param>
    /// <param name="call">The request.</param>
    /// <param name="hasBudget">Whether a budget will choose among them.</param>
    /// <param name="deadline">The request's deadline.</param>
    /// <returns>At least one candidate.</returns>
    /// <exception cref="NoEligibleModelException">None can serve the request.</exception>
    /// <exception cref="DeploymentsUnavailableException">None that can serve it may be called now.</exception>
    public ValueTask<RouteDecision> RankAsync(CostAnalysis costs, CallRecord call, bool hasBudget, in Deadline deadline)
    {
        long since = call.Mark();
        RouteDecision decision = planner.Rank(costs, hasBudget);
        call.Detail?.Ranked(decision, deadline, since);
        return decision.Outage is null ? new(decision) : SitOutAsync(decision, costs, call, hasBudget, deadline);
    }

    /// <summary>Ranks those that the request was not sent to yet, when the ranking so far has come to nothing: it was only as deep as a request usually needs.</summary>
    /// <param name="costs">The candidates.</param>
    /// <param name="call">The request, whose decision is extended by them.</param>
    /// <param name="hasBudget">Whether a budget will choose among them.</param>
    /// <param name="plan">Who is left.</param>
    public IReadOnlyList<RankedDeployment> RankRest(CostAnalysis costs, CallRecord call, bool hasBudget, RetryPlan plan)
    {
        decimal? leftUsd = call.Request.Requirements.MaxCost - call.Spent.Usd;
        IReadOnlyList<RankedDeployment> rest = planner.RankRest(
            costs, hasBudget, i => plan.IsOpen(costs.Candidates.Deployments[i]) && !(costs.UpperBound(i).Usd > leftUsd)).Ranked;
        call.Route = call.Route!.With(rest);
        return rest;
    }

    private async ValueTask<RouteDecision> SitOutAsync(RouteDecision decision, CostAnalysis costs, CallRecord call, bool hasBudget, Deadline deadline)
    {
        ResilienceOptions options = costs.Options.Resilience;
        if (options.AllUnavailable is AllUnavailablePolicy.WaitEarliest)
        {
            TimeSpan share = deadline.Remaining * options.MaxWaitShare;
            TimeSpan longest = share < options.MaxWait ? share : options.MaxWait;
            long since = call.Now();
            do
            {
                // In line before looking again: what ends in between is not missed.
                using WaitingLine.Place place = HealthTable.Of(costs.Loads).Line.Join();
                decision = planner.Rank(costs, hasBudget);
                if (WaitFor(decision.Outage, longest - call.Since(since)) is not { } wait)
                {
                    break;
                }

                await WaitAsync(place, wait, call, deadline.Caller).ConfigureAwait(false);
            }
            while (true);
        }

        return decision.Ranked.Count > 0 ? decision : throw new DeploymentsUnavailableException(decision.Rejected, TimeUntil(decision.Outage));
    }

    private async ValueTask WaitAsync(WaitingLine.Place place, TimeSpan wait, CallRecord call, CancellationToken caller)
    {
        long waiting = call.Now();
        try
        {
            // Never longer than what is left of the deadline.
            await place.WaitAsync(wait, timeProvider, caller).ConfigureAwait(false);
        }
        finally
        {
            call.WasElsewhereSince(waiting);
        }
    }

    // How long to wait before looking again; null if waiting is of no use.
    private TimeSpan? WaitFor(Outage? outage, TimeSpan left)
    {
        TimeSpan? back = TimeUntil(outage);
        bool isWorthIt = outage is not null && left > TimeSpan.Zero && (outage.IsAnyMoment || back <= left);
        TimeSpan wait = back < left ? back.Value : left;

        // Timers count whole milliseconds: rounded down, the last one would be spent in circles.
        TimeSpan whole = TimeSpan.FromMilliseconds(Math.Floor(wait.TotalMilliseconds) + 1);
        return isWorthIt ? (whole < LongestBlindWait ? whole : LongestBlindWait) : null;
    }

    private TimeSpan? TimeUntil(Outage? outage) =>
        outage?.BackAt - timeProvider.GetUtcNow() is { } wait ? (wait > TimeSpan.Zero ? wait : TimeSpan.Zero) : null;
}
