using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>What is left to try for one request after its first failure, or its first refusal.</summary>
internal sealed class RetryPlan(LlmRequest request, IntegrationLayerOptions options, RetryBudget budget, RandomSource random, TimeProvider timeProvider)
{
    private readonly List<(RankedDeployment Target, long Since, TimeSpan Wait)> _again = [];
    private readonly HashSet<Deployment> _closed = [];
    private readonly List<(RetryScope Scope, Deployment Failed)> _rules = [];
    private int _rounds;

    /// <summary>Gets how often the request was sent again although the provider may have worked on it.</summary>
    public int Replays { get; private set; }

    /// <summary>Gets how many calls came to nothing before anything was sent: they don't count as attempts.</summary>
    public int Unsent { get; private set; }

    private RetryOptions Retries => options.Resilience.Retries;

    /// <summary>Notes that a deployment was not called and is not to be asked again: it refused, or could not be paid for.</summary>
    public void Close(Deployment deployment) => _closed.Add(deployment);

    /// <summary>Forgets who was not to be asked again, for a request that waits until one of them comes back.</summary>
    public void Reopen() => _closed.Clear();

    /// <summary>Says whether a deployment is still to be tried: it was neither called nor closed, and no failure so far rules it out.</summary>
    public bool IsOpen(Deployment deployment) => !_closed.Contains(deployment) && IsWithinRules(deployment);

    /// <summary>Takes note of a failure, which for itself decides nothing.</summary>
    public void Note(LlmException failure, RankedDeployment failed)
    {
        RetryScope scope = RetryTable.After(failure.ErrorClass);
        Unsent += RetryTable.IsUnsent(failure) ? 1 : 0;
        _closed.Add(failed.Deployment);
        _rules.Add((scope, failed.Deployment));
        if (scope is RetryScope.OthersThenAgain)
        {
            _again.Add((failed, timeProvider.GetTimestamp(), failure.RetryAfter ?? (failure.ErrorClass is LlmErrorClass.RateLimited ? options.Resilience.Health.MinRateLimitRest : TimeSpan.Zero)));
        }
    }

    /// <summary>Decides what to do after a failure: others first and at once, those that failed before after a while.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="failed">Who failed.</param>
    /// <param name="others">Who has not been called yet, in order.</param>
    /// <param name="attempts">How many calls were made.</param>
    /// <param name="left">What is left until the request's deadline.</param>
    /// <param name="leftUsd">What the request may still cost, in US dollars; <see langword="null"/> if it has no limit.</param>
    /// <param name="rank">Ranks those who are open (<see cref="IsOpen"/>) beyond <paramref name="others"/>, when none of these may be called.</param>
    public RetryDecision After(
        LlmException failure,
        RankedDeployment failed,
        IEnumerable<RankedDeployment> others,
        int attempts,
        TimeSpan left,
        decimal? leftUsd,
        Func<IReadOnlyList<RankedDeployment>>? rank = null)
    {
        RetryScope scope = RetryTable.After(failure.ErrorClass);
        Note(failure, failed);
        if (scope is RetryScope.Nobody || attempts - Unsent >= options.MaxAttempts || left <= TimeSpan.Zero || !MayRepeat(failure))
        {
            return RetryDecision.Stop;
        }

        // What rules others out now rules out those that failed before, too.
        _again.RemoveAll(a => !IsAllowed(a.Target));
        IReadOnlyList<RankedDeployment> next = [.. others.Where(IsAllowed)];
        next = next.Count > 0 || rank is null ? next : rank();
        RetryDecision decision = next.Count > 0 ? new RetryDecision(next, TimeSpan.Zero) : Again(left);
        return decision.Standby.Count > 0 && (RetryTable.IsUnsent(failure) || budget.TryTake(Retries)) ? decision : RetryDecision.Stop;

        bool IsAllowed(RankedDeployment other) => IsWithinRules(other.Deployment) && !(other.MaxCost.Usd > leftUsd);
    }

    /// <summary>Waits for the first that may be called again; those whose time is still to come then stay in line.</summary>
    /// <param name="left">What is left until the request's deadline.</param>
    public RetryDecision Again(TimeSpan left)
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

    // A call that may have had its effect is not repeated at will.
    private bool MayRepeat(LlmException failure) =>
        RetryTable.IsSafe(failure) || (!request.HasSideEffects && (!failure.MayBeBilled || ++Replays <= Retries.MaxReplays));

    private bool IsWithinRules(Deployment deployment) => _rules.TrueForAll(r => RetryTable.Allows(r.Scope, r.Failed, deployment));

    private TimeSpan WaitOf((RankedDeployment Target, long Since, TimeSpan Wait) again) =>
        again.Wait - timeProvider.GetElapsedTime(again.Since) is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
}
