using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Execution;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>The second step of a request, and the last: takes the answer from the cache, or puts it there.</summary>
internal sealed class CacheStep(ICachePolicy policy, IResponseCache cache, ILogger<LlmPipeline> logger)
{
    /// <summary>Decides whether the cache is used for a request.</summary>
    public CacheDecision Decide(LlmRequest request) =>
        request.Caching is CacheDirective.Bypass ? CacheDecision.Bypass : policy.Decide(request);

    /// <summary>Answers from the cache; <see langword="null"/> if it can't.</summary>
    public async ValueTask<LlmResponse?> ReadAsync(CallRecord call, CacheDecision decision, CancellationToken cancellationToken)
    {
        if (!decision.UseCache || call.Request.Caching is CacheDirective.Refresh)
        {
            return null;
        }

        LlmResponse? hit = null;
        try
        {
            hit = await cache.GetAsync(decision.Key, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Log.CacheFailed(logger, call.RequestId, e);
        }

        if (hit is null)
        {
            return null;
        }

        // Nobody is paid for a hit: its usage is zero, and what the original cost is what it saves.
        hit.Content.Usage = null;
        return new LlmResponse(hit.Content, call.Complete(hit.Receipt with
        {
            RequestId = call.RequestId,
            TraceId = call.TraceId,
            ModelRequested = call.Request.Options?.ModelId,
            Cost = LlmCost.None,
            Saving = LlmSaving.OfHit(hit.Receipt),
            Tokens = default,
            ReservedUsd = 0,
            Cache = CacheOutcome.Hit,
            Attempts = [],
            Routing = null,
            TimeToFirstToken = null,
            Duration = call.Stop(),
            Overhead = call.Overhead,
        }));
    }

    /// <summary>Keeps a clean answer. It is paid for: a cache that fails must not take it from the caller.</summary>
    public async ValueTask WriteAsync(CacheDecision decision, LlmResponse response, GatewayInfo info)
    {
        if (!decision.UseCache || !CleanAnswer.Is(response.Content, info.IsGuardrailFlagged))
        {
            return;
        }

        try
        {
            await cache.SetAsync(decision.Key, response, decision.TimeToLive, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.CacheFailed(logger, response.Receipt.RequestId, e);
        }
    }
}
