using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Usage;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>Writes the usage record of a finished request.</summary>
internal static class UsageRecords
{
    /// <summary>Writes the record.</summary>
    /// <param name="call">The request.</param>
    /// <param name="now">When it ended.</param>
    public static UsageFields Of(CallRecord call, DateTimeOffset now)
    {
        LlmRequest request = call.Request;
        LlmReceipt? receipt = call.Receipt;
        LlmAttempt? last = call.Attempts.Count > 0 ? call.Attempts[^1] : null;
        LlmCost cost = receipt?.Cost ?? call.Spent;
        LlmSaving saving = call.ErrorType is null && receipt?.Saving is { } saved ? saved : default;
        return new UsageFields
        {
            RequestId = call.RequestId,
            TraceId = call.TraceId,
            Context = request.Context,
            StartedAt = now - call.Duration,
            Duration = call.Duration,
            TimeToFirstToken = call.TimeToFirstToken,
            Overhead = call.Overhead,
            Kind = request.Kind,
            IsStreamed = call.IsStreamed,
            MessageCount = request.Messages.Count,
            ToolCount = request.Options?.Tools?.Count ?? 0,
            MaxOutputTokens = request.Options?.MaxOutputTokens,
            Temperature = request.Options?.Temperature,
            ModelRequested = request.Options?.ModelId,
            RoutingPolicy = call.Route?.Policy,
            CandidateCount = call.Route?.CandidateCount ?? 0,
            Deployment = receipt?.Deployment ?? last?.Deployment,
            Provider = receipt?.Provider ?? last?.Provider,
            Model = receipt?.Model ?? ModelOf(call, last),
            ModelServed = receipt?.ModelServed,
            Outcome = call.Outcome,
            ErrorType = call.ErrorType,
            FinishReason = call.FinishReason,
            Cache = receipt is null ? null : NameOf(receipt.Cache),
            Tokens = receipt?.Tokens ?? default,
            PriceStatus = cost.Status,
            CostNanoUsd = NanoUsd.From(cost.Usd),
            WastedNanoUsd = Wasted(call.Attempts),
            ReservedNanoUsd = NanoUsd.From(call.Reservation.Granted.Usd ?? 0),
            CacheSavingNanoUsd = NanoUsd.From(saving.CacheUsd),
            PromptCacheSavingNanoUsd = NanoUsd.From(saving.PromptCacheUsd),
            RoutingSavingNanoUsd = NanoUsd.From(saving.RoutingUsd),
            Attempts = call.Attempts,
        };
    }

    private static string NameOf(CacheOutcome outcome) => outcome switch
    {
        CacheOutcome.Bypassed => "bypassed",
        CacheOutcome.Miss => "miss",
        CacheOutcome.Hit => "hit",
        CacheOutcome.StaleHit => "stale",
        CacheOutcome.Coalesced => "coalesced",
        _ => outcome.ToString().ToLowerInvariant(),
    };

    // A request that failed has no receipt to name the model.
    private static string? ModelOf(CallRecord call, LlmAttempt? last)
    {
        if (last is null || call.Route is null)
        {
            return null;
        }

        foreach (RankedDeployment ranked in call.Route.Ranked)
        {
            if (ranked.Deployment.Name == last.Deployment)
            {
                return ranked.Deployment.ModelId;
            }
        }

        return null;
    }

    private static long Wasted(IReadOnlyList<LlmAttempt> attempts)
    {
        decimal usd = 0m;
        for (int i = 0; i < attempts.Count; i++)
        {
            usd += attempts[i].Error is LlmErrorClass.None ? 0m : attempts[i].Cost.Usd;
        }

        return NanoUsd.From(usd);
    }
}
