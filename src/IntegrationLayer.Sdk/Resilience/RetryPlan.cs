using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>What is left to try for one request after its first failure.</summary>
internal sealed class RetryPlan(LlmRequest request, IntegrationLayerOptions options, RetryBudget budget, RandomSource random, TimeProvider timeProvider)
{
    private readonly List<(RankedDeployment Target, long Since, TimeSpan Wait)> _again = [];
    private int _rounds;

    /// <summary>Gets how often the request was sent again although the provider may have worked on it.</summary>
    public int Replays { get; private set; }

    private RetryOptions Retries => options.Resilience.Retries;

    /// <summary>Decides what to do after a failure: others first and at once, those that failed before after a while.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="failed">Who failed.</param>
    /// <param name="others">Who has not been called yet, in order.</param>
    /// <param name="attempts">How many calls were made.</param>
    /// <param name="left">What is left until the request's deadline.</param>
    /// <param name="leftUsd">What the request may still cost, in US dollars; <see langword="null"/> if it has no limit.</param>
    public RetryDecision After(LlmException failure, RankedDeployment failed, IEnumerable<RankedDeployment> others, int attempts, TimeSpan left, decimal? leftUsd)
    {
        RetryScope scope = RetryTable.After(failure.ErrorClass);
        if (scope is RetryScope.Nobody || attempts >= options.MaxAttempts || left <= TimeSpan.Zero || !MayRepeat(failure))
        {
            return RetryDecision.Stop;
        }

        // What rules others out now rules out those that failed before, too.
        _again.RemoveAll(a => !IsAllowed(a.Target));
        RankedDeployment[] next = [.. others.Where(IsAllowed)];
        if (scope is RetryScope.OthersThenAgain && !(failed.MaxCost.Usd > leftUsd))
        {
            _again.Add((failed, timeProvider.GetTimestamp(), failure.RetryAfter ?? (failure.ErrorClass is LlmErrorClass.RateLimited ? options.Resilience.Health.MinRateLimitRest : TimeSpan.Zero)));
        }

        RetryDecision decision = next.Length > 0 ? new RetryDecision(next, TimeSpan.Zero) : Again(left);
        return decision.Standby.Count > 0 && budget.TryTake(Retries) ? decision : RetryDecision.Stop;

        bool IsAllowed(RankedDeployment other) => RetryTable.Allows(scope, failed.Deployment, other.Deployment) && !(other.MaxCost.Usd > leftUsd);
    }

    // A call that may have had its effect is not repeated at will.
    private bool MayRepeat(LlmException failure) =>
        RetryTable.IsSafe(failure) || (!request.HasSideEffects && (!failure.MayBeBilled || ++Replays <= Retries.MaxReplays));

    // Waits for the first that may be called again; those whose time is still to come then stay in line.
    private RetryDecision Again(TimeSpan left)
    {
        TimeSpan soonest = _again.Count == 0 ? TimeSpan.MaxValue : _again.Min(WaitOf);
        TimeSpan longest = left < Retries.MaxRetryAfter ? left : Retries.MaxRetryAfter;
        if (soonest > longest)
        {
            return RetryDecision.Stop;
        }

        // On top of a time that the provider named, so that all who were told it don't come back at once.
        TimeSpan delay = soonest + Backoff.Of(_rounds++, Retries, random.NextPositive());
        if (delay >= left)
        {
            return RetryDecision.Stop;
        }

        RankedDeployment[] ready = [.. _again.Where(a => WaitOf(a) <= delay).Select(static a => a.Target)];
        _again.RemoveAll(a => WaitOf(a) <= delay);
        return new RetryDecision(ready, delay);
    }

    private TimeSpan WaitOf((RankedDeployment Target, long Since, TimeSpan Wait) again) =>
        again.Wait - timeProvider.GetElapsedTime(again.Since) is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
}
