using System.Runtime.CompilerServices;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Telemetry;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>The second step of a request, and the last: takes the answer from the cache, or puts it there.</summary>
internal sealed class CacheStep(
    ICachePolicy policy, AnswerStore store, AnswerMaker maker, FlightTable flights, ILogger<LlmPipeline> logger, SemanticStep? semantic = null)
{
    /// <summary>Decides whether the cache is used for a request.</summary>
    public CacheDecision Decide(LlmRequest request) =>
        !request.HasSideEffects && request.Caching is not { Reads: false, Writes: false } && policy.Decide(request) is { UseCache: true } decided ? decided.With(request.Caching) : CacheDecision.Bypass;

    /// <summary>Looks for the answer to a request, in whose name it completes the call if it is there.</summary>
    public ValueTask<CacheFinding> FindAsync(CallRecord call, CacheDecision decision, CancellationToken cancellationToken)
    {
        LlmRequest request = call.Request;
        if (!store.TryRentKey(request, decision.Scope, out CacheKey? key))
        {
            return default;
        }

        long since = call.Mark();
        var plan = new CachePlan(key, decision, store.Stamp, flights.Landings(key));
        ValueTask<CachedAnswer?> reading = request.Caching.Reads ? ReadAsync(key, cancellationToken) : default;
        if (!reading.IsCompletedSuccessfully)
        {
            // From here on the key is this request's alone.
            return FindAsync(reading, call, plan, since, cancellationToken);
        }

        CacheFinding finding = Conclude(reading.Result, call, plan, since);
        key.Return();
        return finding.Answer is null && semantic is not null ? FindSimilarAsync(semantic, call, finding.Plan, cancellationToken) : new(finding);
    }

    /// <summary>Keeps a clean answer. It is paid for: a cache that fails must not take it from the caller.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WriteAsync(CallRecord call, CachePlan plan, LlmResponse response, GatewayInfo info)
    {
        LlmRequest request = call.Request;
        if (plan.Key is not { } key || !request.Caching.Writes
            || maker.TryMake(request, response, plan.Decision, plan.Stamp, info.IsGuardrailFlagged) is not { } answer
            || !IsUnchanged(plan, request))
        {
            return;
        }

        long since = call.Mark();
        bool isWritten = false;
        try
        {
            await store.SetAsync(key, answer).ConfigureAwait(false);
            isWritten = true;
            if (semantic is not null && plan.Near is { } near)
            {
                await semantic.LearnAsync(near, key, plan.Decision, request, response, answer).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            Log.CacheFailed(logger, call.RequestId, e);
        }

        call.Detail?.Wrote(answer.Size, isWritten, since);
    }

    /// <summary>Says whether a request still asks what it did when it was looked for: if not, nobody knows what was answered.</summary>
    public bool IsUnchanged(CachePlan plan, LlmRequest request)
    {
        if (!store.TryRentKey(request, plan.Decision.Scope, out CacheKey? now))
        {
            return false;
        }

        bool isSame = now.Equals(plan.Key);
        now.Return();
        return isSame;
    }

    /// <summary>Writes the receipt of an answer that nobody is paid for: what it cost when it was written is what it saves.</summary>
    public static LlmReceipt ReceiptOf(CallRecord call, AnswerOrigin origin, CacheOutcome outcome, double? similarity = null) => new()
    {
        RequestId = call.RequestId,
        TraceId = call.TraceId,
        Deployment = origin.Deployment,
        Provider = origin.Provider,
        ModelRequested = call.Request.Options?.ModelId,
        Model = origin.Model,
        ModelServed = origin.ModelServed,
        Cost = LlmCost.None,
        Saving = origin.Saving,
        Cache = outcome,
        CacheSimilarity = similarity,
        Duration = call.Stop(),
        Overhead = call.Overhead,
    };

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<CacheFinding> FindAsync(ValueTask<CachedAnswer?> reading, CallRecord call, CachePlan plan, long since, CancellationToken cancellationToken)
    {
        CachedAnswer? answer = null;
        bool hasFailed = false;
        try
        {
            answer = await reading.ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            hasFailed = true;
            Log.CacheFailed(logger, call.RequestId, e);
        }

        CacheFinding finding = Conclude(answer, call, plan, hasFailed ? null : since);
        return finding.Answer is null && semantic is not null
            ? await FindSimilarAsync(semantic, call, finding.Plan, cancellationToken).ConfigureAwait(false)
            : finding;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<CacheFinding> FindSimilarAsync(SemanticStep semantic, CallRecord call, CachePlan plan, CancellationToken cancellationToken)
    {
        long since = call.Mark();
        SemanticHit hit = await semantic.FindAsync(call.Request, plan.Decision, cancellationToken).ConfigureAwait(false);
        CachePlan withNear = plan with { Near = hit.Finding };
        bool isLookedUp = call.Request.Checked is null;
        if (isLookedUp && (hit.Finding is not null || hit.HasFailed))
        {
            call.Telemetry.LookedUp("semantic", hit.HasFailed ? "error" : hit.Answer is null ? "miss" : "hit");
        }

        if (isLookedUp && hit.Finding is not null)
        {
            call.Detail?.Compared(hit.Finding.Matches.Count, hit.Finding.Winner?.Similarity, hit.Answer is not null, since);
        }

        if (hit.Answer is not { } answer)
        {
            return new CacheFinding(null, null, withNear);
        }

        LlmReceipt receipt = call.Complete(ReceiptOf(call, answer.Origin, CacheOutcome.SemanticHit, hit.Finding!.Winner!.Value.Similarity));
        call.Telemetry.Instruments.CacheEntryAge?.Record((maker.Now - answer.CachedAt).TotalSeconds, new KeyValuePair<string, object?>(Attributes.CacheLevel.Name, "semantic"));
        semantic.Given(call.Request, receipt, hit.Finding);
        return new CacheFinding(answer, receipt, withNear);
    }

    private ValueTask<CachedAnswer?> ReadAsync(CacheKey key, CancellationToken cancellationToken)
    {
        try
        {
            return store.GetAsync(key, cancellationToken);
        }
        catch (Exception e)
        {
            return ValueTask.FromException<CachedAnswer?>(e);
        }
    }

    private static void LookedUp(CallRecord call, string result, long since)
    {
        call.Telemetry.LookedUp("exact", result);
        call.Detail?.LookedUp(result, since);
    }

    private CacheFinding Conclude(CachedAnswer? answer, CallRecord call, CachePlan plan, long? since)
    {
        if (answer is null || !store.Allows(answer, plan.Key!))
        {
            LookedUp(call, since is null ? "error" : "miss", since ?? call.Mark());

            // Nobody was asked yet: what was learned of invalidations while it looked counts too.
            return new CacheFinding(null, null, plan with { Key = plan.Key!.ToOwned(), Stamp = store.Stamp });
        }

        semantic?.CountExact(call.Request, plan.Decision);
        bool isStale = answer.Lifetime.GoesStale && answer.Lifetime.RefreshAt <= maker.Now;
        LookedUp(call, isStale ? "stale" : "hit", since ?? call.Mark());
        call.Telemetry.Instruments.CacheEntryAge?.Record((maker.Now - answer.CachedAt).TotalSeconds, new KeyValuePair<string, object?>(Attributes.CacheLevel.Name, "exact"));
        return new CacheFinding(
            answer,
            call.Complete(ReceiptOf(call, answer.Origin, isStale ? CacheOutcome.StaleHit : CacheOutcome.Hit)),
            isStale ? plan with { Key = plan.Key!.ToOwned() } : plan);
    }
}
