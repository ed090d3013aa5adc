using System.Runtime.CompilerServices;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>The sixth step of a request: charges an answered call, and writes the receipt.</summary>
internal sealed class SettlementStep(BudgetStep budgets, PromptCaches caches, TimeProvider timeProvider, ILogger<LlmPipeline> logger)
{
    /// <summary>Reports a stream that was charged without its consumer.</summary>
    public void Abandoned(CallRecord call)
    {
        call.Abandon();
        Log.StreamAbandoned(logger, call.RequestId);
    }

    /// <summary>Notes that an abandoned stream could not be settled or reported: nobody is left to be told.</summary>
    public void Lost(CallRecord call, Exception exception) => Log.AbandonFailed(logger, call.RequestId, exception);

    /// <summary>Charges a failed call if the provider may have worked on it, and releases the rest.</summary>
    public ValueTask FailAsync<T>(CostAnalysis costs, CallRecord call, Leg<T> leg, LlmException failure, bool isHedge = false)
    {
        RankedDeployment target = leg.Target;
        LlmCost cost = failure.MayBeBilled ? target.MaxCost : LlmCost.None;
        TimeSpan lasted = call.Since(leg.SentAt);
        var diagnosis = Diagnosis.Of(failure, lasted, costs.Options.Resilience.Health);
        leg.Lease?.End(diagnosis, failure.RetryAfter);
        if (diagnosis.IsFailure)
        {
            costs.Latencies.Penalise(target.Deployment.Index, lasted);
        }

        call.Add(target.Deployment, lasted, cost, failure.ErrorClass, failure.StatusCode, isHedge);
        Log.AttemptFailed(logger, target.Deployment.Name, call.RequestId, failure.ErrorClass);
        return failure.MayBeBilled ? budgets.SettleAsync(call, leg.Reservation, cost) : budgets.ReleaseAsync(call, leg.Reservation);
    }

    // What can't be is taken for not counted, so that a provider's mistake costs no more than was held back.
    private NormalizedUsage? Believe(NormalizedUsage? counted, in RankedDeployment target, CallRecord call, CostAnalysis costs)
    {
        if (counted is not { } usage || costs.CanBe(target, usage.Tokens))
        {
            return counted;
        }

        Log.UsageImpossible(logger, target.Deployment.Name, usage.Tokens.TotalInput, usage.Tokens.TotalOutput, call.RequestId);
        return null;
    }

    /// <summary>Charges what the provider's counts come to, or else the most that the call can have cost.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<LlmReceipt> SettleAsync<T>(
        Attempt<T> answer, CallRecord call, CostAnalysis costs, CacheOutcome cache, UsageDetails? usage, Served served, LlmErrorClass? failure)
    {
        RankedDeployment target = answer.Target;
        NormalizedUsage? counted = Believe(UsageNormalizer.Normalize(usage), target, call, costs);
        DateTimeOffset now = timeProvider.GetUtcNow();
        ModelInfo? other = costs.ServedInsteadOf(target.Deployment, served.Model);
        SettlementPrice price = counted is { } known
            ? SettlementPrice.Of(target, other, known, now, served.ServiceTier)
            : new(target.MaxCost, target.Prices);
        LlmCost cost = price.Cost;
        TimeSpan duration = call.Since(answer.SentAt);
        Diagnosis diagnosis = failure is { } error ? Diagnosis.OfBroken(error) : Diagnosis.Answered;
        call.Lease?.End(diagnosis);
        call.Add(target.Deployment, duration, cost, failure ?? LlmErrorClass.None, statusCode: 200, answer.IsHedge);
        call.FinishReason = served.FinishReason?.Value;
        call.HasOtherModel = other is not null;
        call.IsCounted = counted is { Basis: PriceStatus.Exact };
        long since = call.Mark();
        await budgets.SettleAsync(call, call.Reservation, cost, counted is { } all ? all.Tokens.TotalInput + all.Tokens.TotalOutput : null).ConfigureAwait(false);
        call.Detail?.Settled(target, counted, price, since);
        if (diagnosis.IsFailure)
        {
            costs.Latencies.Penalise(target.Deployment.Index, duration);
        }
        else if (failure is null)
        {
            caches.Note(costs, target.Deployment);
            costs.Latencies.Record(target.Deployment.Index, answer.FirstContent, duration - answer.FirstContent, counted?.Tokens.TotalOutput ?? 0);
            if (counted is { } answered)
            {
                budgets.Learn(call, target, answered.Tokens.TotalOutput, served.FinishReason);
            }
        }

        return new LlmReceipt
        {
            RequestId = call.RequestId,
            TraceId = call.TraceId,
            Deployment = target.Deployment.Name,
            Provider = target.Deployment.Provider,
            ModelRequested = call.Request.Options?.ModelId,
            Model = target.Deployment.ModelId,
            ModelServed = served.Model,
            Cost = call.Spent,
            Saving = counted is { } tokens ? price.Saving(costs.ReferenceAt(now) ?? call.Route!.Dearest, tokens, call.Spent) : null,
            Tokens = counted?.Tokens ?? default,
            ReservedUsd = call.Reservation.Granted.Usd ?? 0,
            ReducedOutputTokens = target.IsCapReduced ? target.MaxOutputTokens : null,
            Cache = cache,
            Attempts = call.Attempts,
            Continuations = call.Continuations,
            HistoryRepairs = call.HistoryRepairs,
            Routing = call.Route,
            TimeToFirstToken = call.TimeToFirstToken,
            Duration = call.Stop(),
            Overhead = call.Overhead,
        };
    }
}
