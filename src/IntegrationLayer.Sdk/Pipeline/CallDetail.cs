using System.Diagnostics.Metrics;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Routing;
using IntegrationLayer.Sdk.Telemetry;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>
/// What is measured of a request besides how it ended: its stages, calls, sizes and estimates. There is one only at the level Full, and only while
/// somebody listens.
/// </summary>
internal sealed class CallDetail
{
    private readonly CallRecord _call;
    private readonly LlmTelemetry _telemetry;
    private readonly Instruments _to;
    private readonly DetailTags _tags;
    private readonly List<StageTime>? _stages;
    private readonly StreamPulse _pulse = new();
    private Deadline _deadline;
    private Deployment? _target;
    private int _toolCalls;

    public CallDetail(CallRecord call)
    {
        _call = call;
        _telemetry = call.Telemetry;
        _to = _telemetry.Instruments;
        _tags = _telemetry.Details;
        _stages = call.Activity is { IsAllDataRequested: true } ? [] : null;
        KeyValuePair<string, object?>[] asked = _telemetry.Tags.Of(call.Request).Asked;
        _to.ActiveRequests?.Add(1, asked);
        _to.Messages?.Record(call.Request.Messages.Count, asked);
        _to.Tools?.Record(call.Request.Options?.Tools?.Count ?? 0, asked);
    }

    /// <summary>The cache was asked for the answer to exactly this request.</summary>
    public void LookedUp(string result, long since) => _to.CacheLookupDuration?.Record(Took("cache", since), CacheTags.Of("exact", result));

    /// <summary>The semantic cache has compared the question with others.</summary>
    public void Compared(int candidates, double? similarity, bool isHit, long since)
    {
        string result = isHit ? "hit" : "miss";
        _to.CacheLookupDuration?.Record(Took("cache", since), CacheTags.Of("semantic", result));
        _to.SemanticCandidates?.Record(candidates);
        _to.Similarity?.Record(similarity ?? 0, _tags.One(Attributes.CacheResult, result));
    }

    /// <summary>An answer was put into the cache, or couldn't be.</summary>
    public void Wrote(long size, bool isWritten, long since)
    {
        _to.CacheWriteDuration?.Record(Took("cache_write", since, isWritten), _tags.Write("exact", isWritten));
        _to.CacheEntrySize?.Record(size, _tags.One(Attributes.CacheLevel, "exact"));
    }

    /// <summary>The candidates were ranked.</summary>
    public void Ranked(RouteDecision decision, in Deadline deadline, long since)
    {
        _deadline = deadline;
        KeyValuePair<string, object?>[] policy = _tags.Policy(decision.Policy);
        _to.RouteDuration?.Record(Took("route", since), policy);
        _to.RouteCandidates?.Record(decision.CandidateCount, policy);
    }

    /// <summary>Limits have decided.</summary>
    /// <param name="limits">The limits.</param>
    /// <param name="granted">What they granted; <see langword="null"/> if they didn't.</param>
    /// <param name="since">When they were asked.</param>
    public void Reserved(IReadOnlyList<BudgetLimit> limits, BudgetReservation? granted, long since)
    {
        bool isGranted = granted is not null;
        _to.ReserveDuration?.Record(Took("reserve", since, isGranted), _tags.Result(isGranted));
        for (int i = 0; i < limits.Count; i++)
        {
            switch (limits[i].Unit)
            {
                case BudgetUnit.Usd:
                    _to.BudgetDecisions?.Add(1, _tags.Decision((int)limits[i].Scope.Kind, isGranted));
                    break;
                default:
                    _to.LimitDecisions?.Add(1, _tags.Limit(limits[i].Unit switch { BudgetUnit.Tokens => "tokens", BudgetUnit.Requests => "requests", _ => "concurrency" }, isGranted));
                    break;
            }
        }

        _to.BudgetReserved?.Add((double)(granted?.Granted.Usd ?? 0m));
    }

    /// <summary>What was held back was settled or released, or the ledger failed.</summary>
    public void Released(string outcome, in BudgetReservation reservation)
    {
        _to.Settlements?.Add(1, _tags.One(Attributes.Settlement, outcome));
        _to.BudgetReserved?.Add(-(double)(reservation.Granted.Usd ?? 0m));
    }

    /// <summary>A call goes out.</summary>
    public void Sent(in RankedDeployment target, double retryBudgetUsed)
    {
        _target = target.Deployment;
        Went(target, _call.Attempts.Count > 0 ? "fallback" : _call.Reservation.Choice == 0 ? "primary" : "budget");
        _to.RetryBudget?.Record(retryBudgetUsed);

        // Whoever is ill tells so when it becomes it; that somebody is well has to be told again and again.
        if (!target.IsLastResort)
        {
            _to.CircuitState?.Record(0, new(Attributes.Health.Name, "deployment"), new(Attributes.HealthName.Name, _telemetry.HealthNames[(int)Resilience.HealthKind.Deployment].Admit(target.Deployment.Name)));
        }
    }

    /// <summary>A second call goes out while the first is under way.</summary>
    public void SentSecond(in RankedDeployment target) => Went(target, "hedge");

    /// <summary>Of two calls at the same time, this one's answer is taken.</summary>
    public void Chose(Deployment target) => _target = target;

    /// <summary>An answer came whole.</summary>
    public void Answered(GatewayInfo info, ChatResponse content)
    {
        foreach (ChatMessage message in content.Messages)
        {
            _toolCalls += CallsIn(message.Contents);
        }

        Came(info, info.Detail?.ResponseBytes);
    }

    /// <summary>A stream has ended.</summary>
    public void Closed(GatewayInfo info, long bytes) => Came(info, bytes > 0 ? bytes : null);

    /// <summary>A piece of a stream came.</summary>
    public void Received(LlmResponseUpdate update)
    {
        _toolCalls += update.PlainText is null ? CallsIn(update.Content.Contents) : 0;
        if (_pulse.Beat(_call.Now()) is { } gap && _to.PerChunk is { Enabled: true } perChunk && _target is { } target)
        {
            perChunk.Record(Seconds(gap), _telemetry.Tags.Of(target).Called);
        }
    }

    /// <summary>The consumer of a stream had the turn.</summary>
    public void Consumed(long since) => _pulse.Resume(_call.Now(), since);

    /// <summary>A call was charged.</summary>
    public void Settled(in RankedDeployment target, NormalizedUsage? counted, in SettlementPrice price, long since)
    {
        Took("settle", since);
        ModelTags tags = _telemetry.Tags.Of(target.Deployment);
        _to.TokenSource?.Add(1, _tags.One(Attributes.UsageSource, counted is null ? "none" : _call.IsStreamed ? "stream" : "provider"));
        if (price.Cost.Status is not PriceStatus.Unknown)
        {
            _to.CostEstimateError?.Record((double)(price.Cost.Usd - target.MaxCost.Usd), tags.Called);
        }

        if (counted is { } usage)
        {
            Count(target, usage, price, tags);
        }
    }

    /// <summary>The request has ended.</summary>
    public void End()
    {
        RequestTags tags = _telemetry.Tags.Of(_call.Request);
        _to.ActiveRequests?.Add(-1, tags.Asked);
        _to.Attempts?.Record(_call.Attempts.Count, tags.WithOutcome(_call.Outcome));
        if (_deadline.Clock is not null)
        {
            _to.DeadlineRemaining?.Record(_deadline.Remaining.TotalSeconds, tags.WithOutcome(_call.Outcome));
        }

        foreach (LlmAttempt attempt in _call.Attempts)
        {
            bool isWell = attempt.Error is LlmErrorClass.None;
            _to.AttemptDuration?.Record(
                attempt.Duration.TotalSeconds, _tags.Attempt(_telemetry.Targets.Admit(attempt.Deployment), isWell ? null : LlmErrorTypes.NameOf(attempt.Error)));
            _to.StageDuration?.Record(attempt.Duration.TotalSeconds, _tags.Stage("attempt", isWell));
        }

        if (_call is { Receipt.Saving: { } saving, ErrorType: null, Attempts.Count: > 0 })
        {
            _to.RouteCostDelta?.Record((double)-saving.RoutingUsd, _tags.Policy(_call.Route?.Policy));
        }

        if (_target is not null && _call.Receipt is { Attempts.Count: > 0 } receipt)
        {
            EndAnswer(receipt, _telemetry.Tags.Of(_target), tags);
        }

        if (_stages is { Count: > 0 })
        {
            StageSpans.Write(_telemetry.Spans, _call, _stages);
        }
    }

    /// <summary>Notes how long a stage took.</summary>
    /// <returns>Seconds.</returns>
    public double Took(string stage, long since, bool isWell = true)
    {
        long now = _call.Now();
        double seconds = Seconds(now - since);
        _to.StageDuration?.Record(seconds, _tags.Stage(stage, isWell));
        if (_stages is not null)
        {
            // The second call of a request that is hedged has stages of its own, at the same time.
            lock (_stages)
            {
                _stages.Add(new StageTime(stage, since, now));
            }
        }

        return seconds;
    }

    private void Went(in RankedDeployment target, string reason)
    {
        _to.RouteDecisions?.Add(1, _tags.Route(_call.Route?.Policy, _telemetry.Targets.Admit(target.Deployment.Name), reason));
        _to.MaxOutputTokens?.Record(target.MaxOutputTokens, _telemetry.Tags.Of(target.Deployment).Called);
        _to.CredentialUses?.Add(1, _tags.Credential(target.Deployment.Account.Name));
    }

    private static int CallsIn(IList<AIContent> contents)
    {
        int calls = 0;
        foreach (AIContent content in contents)
        {
            calls += content is FunctionCallContent ? 1 : 0;
        }

        return calls;
    }

    private void EndAnswer(LlmReceipt receipt, ModelTags model, RequestTags asked)
    {
        _to.Responses?.Add(1, model.Marked(Attributes.FinishReason, DetailTags.ReasonOf(_call.FinishReason)));
        _to.ToolCalls?.Record(_toolCalls, model.Called);
        if (receipt.Cost.Status is not PriceStatus.Unknown)
        {
            _to.CostPerRequest?.Record((double)receipt.Cost.Usd, model.Called);
        }

        if (!_call.IsStreamed)
        {
            return;
        }

        _to.Chunks?.Record(_pulse.Pieces, model.Called);
        _to.LongestGap?.Record(Seconds(_pulse.LongestGap), model.Called);
        _to.ConsumerWait?.Record(Seconds(_pulse.Consumed), asked.Asked);
        double writing = (_call.Duration - (_call.TimeToFirstToken ?? _call.Duration)).TotalSeconds - Seconds(_pulse.Consumed);
        if (writing > 0 && receipt.Tokens.TotalOutput > 0)
        {
            _to.OutputRate?.Record(receipt.Tokens.TotalOutput / writing, model.Called);
        }
    }

    private void Came(in GatewayInfo info, long? bytes)
    {
        if (info.Detail is not { } detail || _target is not { } target)
        {
            return;
        }

        string account = target.Account.Name;
        _to.GatewayResponses?.Add(1, _tags.Response(info.StatusCode, detail.CacheStatus));
        _to.GatewayAttempts?.Record(detail.Attempts, _tags.Account(account));
        Record(_to.RequestSize, detail.RequestBytes, _tags.Account(account));
        Record(_to.ResponseSize, bytes, _tags.Account(account));
        if (info.Limits?.Requests is { } requests)
        {
            _to.RateLimitRemaining?.Record(requests.Remaining, _tags.Left(account, "requests"));
        }

        if (info.Limits?.Tokens is { } tokens)
        {
            _to.RateLimitRemaining?.Record(tokens.Remaining, _tags.Left(account, "tokens"));
        }
    }

    private void Count(in RankedDeployment target, in NormalizedUsage usage, in SettlementPrice price, ModelTags tags)
    {
        (long input, long output) = (usage.Tokens.TotalInput, usage.Tokens.TotalOutput);
        Miss(input, target.MaxTokens - target.MaxOutputTokens, tags.Input);
        Miss(output, target.MaxOutputTokens, tags.Output);
        if (target.Deployment.Model.ContextTokens is > 0 and int context)
        {
            _to.ContextUtilization?.Record((input + output) / (double)context, tags.Called);
        }

        if (_to.Cost is { Enabled: true } cost && !_telemetry.Tags.HasTenants
            && CostCalculator.Calculate(price.Prices, usage.Tokens, usage.Basis, out CostBreakdown parts) is { Status: not PriceStatus.Unknown })
        {
            _call.SplitCost();
            decimal[] amounts = [parts.Input, parts.Output, parts.CacheRead, parts.CacheWrite, parts.Reasoning, parts.Audio, parts.Image, parts.PerRequest, parts.Searches];
            for (int i = 0; i < amounts.Length; i++)
            {
                Add(cost, amounts[i], tags.Part(i));
            }
        }
    }

    private void Miss(long counted, long estimated, KeyValuePair<string, object?>[] tags)
    {
        if (counted > 0)
        {
            _to.EstimateError?.Record((counted - estimated) / (double)counted, tags);
        }
    }

    private static void Add(Counter<double> cost, decimal usd, KeyValuePair<string, object?>[] tags)
    {
        if (usd > 0)
        {
            cost.Add((double)usd, tags);
        }
    }

    private static void Record(Histogram<long>? sizes, long? bytes, KeyValuePair<string, object?>[] tags)
    {
        if (bytes is { } size)
        {
            sizes?.Record(size, tags);
        }
    }

    private double Seconds(long time) => _call.Clock.GetElapsedTime(0, time).TotalSeconds;
}
