using System.Runtime.CompilerServices;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Routing;
using IntegrationLayer.Sdk.Telemetry;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk;

/// <summary>
/// The path of every request: cost analysis, cache, ranking, budget, execution with failover, settlement, monitoring.
/// Read this file to know what the SDK does; each step lives in the folder that bears its name.
/// </summary>
internal sealed class LlmPipeline(
    RoutePlanner planner,
    ICachePolicy cachePolicy,
    IResponseCache cache,
    IBudgetPolicy budgetPolicy,
    IBudgetLedger ledger,
    IModelGateway gateway,
    LlmTelemetry telemetry,
    TimeProvider timeProvider,
    ILogger<LlmPipeline> logger) : ILlmClient, IRoutePlanner
{
    public async Task<LlmResponse> GetResponseAsync(LlmRequest request, CancellationToken cancellationToken = default)
    {
        RequestRules.Check(request);
        using var call = new CallRecord(telemetry, request, timeProvider);
        try
        {
            CostAnalysis costs = planner.Analyze(request);
            CacheDecision caching = Decide(request);
            if (await ReadCacheAsync(request, caching, call, cancellationToken).ConfigureAwait(false) is { } cached)
            {
                return cached;
            }

            using Attempt<GatewayResponse> answer = await SendToFirstThatAnswersAsync(
                costs, call, static (gateway, sent, deadline) => gateway.SendAsync(sent, deadline.Token), cancellationToken).ConfigureAwait(false);
            ChatResponse content = answer.Result.Content;
            LlmReceipt receipt = await SettleAsync(answer, call, costs, caching, content.Usage, new Served(content.ModelId, content.AdditionalProperties), failure: null).ConfigureAwait(false);

            var response = new LlmResponse(content, call.Complete(receipt));
            await WriteCacheAsync(caching, response, answer.Result.Info).ConfigureAwait(false);
            return response;
        }
        catch (Exception e)
        {
            call.Fail(e);
            throw;
        }
    }

    public async IAsyncEnumerable<LlmResponseUpdate> GetStreamingResponseAsync(
        LlmRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        RequestRules.Check(request);
        using var call = new CallRecord(telemetry, request, timeProvider);
        CacheDecision caching = Decide(request);
        (CostAnalysis costs, LlmResponse? cached, Attempt<CommittedStream>? started) =
            await StartStreamAsync(request, caching, call, cancellationToken).ConfigureAwait(false);
        if (cached is not null)
        {
            foreach (ChatResponseUpdate update in cached.Content.ToChatResponseUpdates())
            {
                yield return new LlmResponseUpdate(update);
            }

            yield return new LlmResponseUpdate(new ChatResponseUpdate(), cached.Receipt);
            yield break;
        }

        // The caller is about to see output: nobody else may be tried, and the tokens are spent however the stream ends.
        using Attempt<CommittedStream> answer = started!;
        CommittedStream stream = answer.Result;
        LlmReceipt receipt;
        bool isRead = false;
        try
        {
            while (true)
            {
                // What has arrived already is read without waiting: that time is the SDK's own.
                ValueTask<bool> next = stream.MoveNextAsync();
                if (next.IsCompletedSuccessfully ? !next.Result : !await call.WaitAsync(next).ConfigureAwait(false))
                {
                    break;
                }

                long handedOver = call.Now();
                yield return new LlmResponseUpdate(stream.Current);
                call.WasElsewhereSince(handedOver);
            }

            isRead = true;
        }
        finally
        {
            LlmErrorClass? failure = stream.Failure?.ErrorClass ?? (isRead ? null : LlmErrorClass.Cancelled);
            receipt = await SettleAsync(answer, call, costs, caching, stream.Usage, stream.Served, failure).ConfigureAwait(false);
            if (failure is { } error)
            {
                call.Fail(error, receipt);
            }
            else
            {
                call.Complete(receipt);
            }

            await stream.DisposeAsync().ConfigureAwait(false);
        }

        if (stream.Failure is { } broken)
        {
            Log.AttemptFailed(logger, answer.Target.Deployment.Name, call.RequestId, broken.ErrorClass);
            throw Failures.Interrupted(broken, stream.TextSoFar(), receipt);
        }

        if (caching.UseCache)
        {
            await WriteCacheAsync(caching, new LlmResponse(stream.ToChatResponse(), receipt), stream.Info).ConfigureAwait(false);
        }

        yield return new LlmResponseUpdate(new ChatResponseUpdate(), receipt);
    }

    /// <summary>Turns texts into vectors, on the same path.</summary>
    public async Task<(GeneratedEmbeddings<Embedding<float>> Content, LlmReceipt Receipt)> EmbedAsync(
        LlmRequest request, IReadOnlyList<string> inputs, EmbeddingGenerationOptions? options, CancellationToken cancellationToken)
    {
        RequestRules.Check(request);
        using var call = new CallRecord(telemetry, request, timeProvider);
        try
        {
            CostAnalysis costs = planner.Analyze(request);
            using Attempt<GatewayEmbeddings> answer = await SendToFirstThatAnswersAsync(
                costs,
                call,
                (gateway, sent, deadline) => gateway.EmbedAsync(new GatewayEmbeddingCall(sent.Deployment, inputs, options, sent.Envelope), deadline.Token),
                cancellationToken).ConfigureAwait(false);
            GeneratedEmbeddings<Embedding<float>> content = answer.Result.Content;
            content.Usage?.OutputTokenCount ??= 0;
            LlmReceipt receipt = await SettleAsync(
                answer, call, costs, CacheDecision.Bypass, content.Usage, new Served(content.Count > 0 ? content[0].ModelId : null, null), failure: null).ConfigureAwait(false);
            return (content, call.Complete(receipt));
        }
        catch (Exception e)
        {
            call.Fail(e);
            throw;
        }
    }

    public ValueTask<RouteDecision> RouteAsync(LlmRequest request, CancellationToken cancellationToken = default)
    {
        RequestRules.Check(request);
        return new(planner.Plan(request));
    }

    private async Task<(CostAnalysis Costs, LlmResponse? Cached, Attempt<CommittedStream>? Answer)> StartStreamAsync(
        LlmRequest request, CacheDecision caching, CallRecord call, CancellationToken cancellationToken)
    {
        try
        {
            CostAnalysis costs = planner.Analyze(request);
            if (await ReadCacheAsync(request, caching, call, cancellationToken).ConfigureAwait(false) is { } cached)
            {
                return (costs, cached, null);
            }

            Attempt<CommittedStream> answer = await SendToFirstThatAnswersAsync(
                costs,
                call,
                static async (gateway, sent, deadline) => await CommittedStream.StartAsync(
                    await gateway.OpenStreamAsync(sent, deadline.Token).ConfigureAwait(false), deadline).ConfigureAwait(false),
                cancellationToken).ConfigureAwait(false);
            call.FirstContent();
            return (costs, null, answer);
        }
        catch (Exception e)
        {
            call.Fail(e);
            throw;
        }
    }

    private CacheDecision Decide(LlmRequest request) =>
        request.Caching is CacheDirective.Bypass ? CacheDecision.Bypass : cachePolicy.Decide(request);

    private async ValueTask<LlmResponse?> ReadCacheAsync(LlmRequest request, CacheDecision caching, CallRecord call, CancellationToken cancellationToken)
    {
        if (!caching.UseCache || request.Caching is CacheDirective.Refresh)
        {
            return null;
        }

        LlmResponse? hit = null;
        try
        {
            hit = await cache.GetAsync(caching.Key, cancellationToken).ConfigureAwait(false);
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
            ModelRequested = request.Options?.ModelId,
            Cost = LlmCost.None,
            SavingUsd = hit.Receipt.Cost.Usd,
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

    // The answer is paid for: a cache that fails must not take it from the caller.
    private async ValueTask WriteCacheAsync(CacheDecision caching, LlmResponse response, GatewayInfo info)
    {
        if (!caching.UseCache || !CleanAnswer.Is(response.Content, info))
        {
            return;
        }

        try
        {
            await cache.SetAsync(caching.Key, response, caching.TimeToLive, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.CacheFailed(logger, response.Receipt.RequestId, e);
        }
    }

    /// <summary>Ranks the candidates, then, until one answers: holds back what the best affordable one may cost, and calls it.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Attempt<T>> SendToFirstThatAnswersAsync<T>(
        CostAnalysis costs, CallRecord call, Func<IModelGateway, GatewayCall, Deadline, Task<T>> send, CancellationToken cancellationToken)
    {
        LlmRequest request = call.Request;
        IReadOnlyList<BudgetLimit> limits = budgetPolicy.LimitsOf(request);
        call.Route = planner.Rank(costs, limits.Count > 0);
        IReadOnlyList<RankedDeployment> standby = call.Route.Ranked;
        LlmException? failure = null;
        var deadline = Deadline.Start(request.Context, costs.Options.Timeout, timeProvider, cancellationToken);
        try
        {
            while (standby.Count > 0 && call.Attempts.Count < costs.Options.MaxAttempts)
            {
                call.Reservation = limits.Count > 0 ? await ReserveAsync(limits, standby, deadline).ConfigureAwait(false) : default;
                (RankedDeployment target, ChatOptions? options) = await PrepareAsync(call, standby, deadline, isBinding: limits.Count > 0).ConfigureAwait(false);
                var envelope = new GatewayEnvelope(call.TraceId, request.Context, deadline.Remaining);
                long sentAt = call.Now();
                try
                {
                    T result = await send(
                        gateway, new GatewayCall(target.Deployment, request.Messages, options, target.MaxOutputTokens, envelope), deadline).ConfigureAwait(false);
                    call.WasElsewhereSince(sentAt);
                    return new Attempt<T>(target, result, sentAt, call.Since(sentAt), deadline);
                }
                catch (Exception e)
                {
                    call.WasElsewhereSince(sentAt);
                    failure = Failures.Classify(e, deadline);
                    await SettleFailureAsync(call, target, sentAt, failure).ConfigureAwait(false);
                    if (failure.ErrorClass is LlmErrorClass.Cancelled or LlmErrorClass.Unknown)
                    {
                        throw;
                    }

                    standby = Failover.After(failure.ErrorClass, target, standby, deadline, request.Requirements.MaxCost - call.Spent.Usd);
                }
            }

            throw Failures.AllFailed(failure!, call.Attempts);
        }
        catch
        {
            deadline.Dispose();
            throw;
        }
    }

    // A ledger may be remote, and so be what the deadline ends.
    private async ValueTask<BudgetReservation> ReserveAsync(IReadOnlyList<BudgetLimit> limits, IReadOnlyList<RankedDeployment> standby, Deadline deadline)
    {
        try
        {
            return await ledger.ReserveAsync(limits, new MaxCosts(standby), deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (deadline.Explain(e) is not null)
        {
            throw deadline.NotSent(e);
        }
    }

    /// <summary>The last step before a call is sent. What fails here was never sent, so it costs nothing, and what was held back for it is released.</summary>
    private async ValueTask<(RankedDeployment Target, ChatOptions? Options)> PrepareAsync(
        CallRecord call, IReadOnlyList<RankedDeployment> standby, Deadline deadline, bool isBinding)
    {
        try
        {
            deadline.ThrowIfOver();
            RankedDeployment target = standby[call.Reservation.Choice];
            return (target, OutputCap.Apply(call.Request, target, isBinding));
        }
        catch
        {
            await SettleInLedgerAsync(call, LlmCost.None).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Charges a failed call if the provider may have worked on it, and releases the rest.</summary>
    private ValueTask SettleFailureAsync(CallRecord call, RankedDeployment target, long sentAt, LlmException failure)
    {
        LlmCost cost = failure.MayBeBilled ? target.MaxCost : LlmCost.None;
        call.Add(target.Deployment, call.Since(sentAt), cost, failure.ErrorClass, failure.StatusCode);
        Log.AttemptFailed(logger, target.Deployment.Name, call.RequestId, failure.ErrorClass);
        return SettleInLedgerAsync(call, cost);
    }

    /// <summary>Charges an answered call: what the provider's counts come to, or else the most that it can have cost.</summary>
    private async ValueTask<LlmReceipt> SettleAsync<T>(
        Attempt<T> answer, CallRecord call, CostAnalysis costs, CacheDecision caching, UsageDetails? usage, Served served, LlmErrorClass? failure)
    {
        RankedDeployment target = answer.Target;
        NormalizedUsage? counted = UsageNormalizer.Normalize(usage);
        LlmCost cost = counted is { } known
            ? target.PriceOf(known, timeProvider.GetUtcNow(), served.ServiceTier)
            : target.MaxCost;
        TimeSpan duration = call.Since(answer.SentAt);
        call.Add(target.Deployment, duration, cost, failure ?? LlmErrorClass.None, statusCode: 200);
        await SettleInLedgerAsync(call, cost).ConfigureAwait(false);
        if (failure is null)
        {
            costs.Latencies.Record(target.Deployment.Index, answer.FirstContent, duration - answer.FirstContent, counted?.Tokens.TotalOutput ?? 0);
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
            SavingUsd = SettlementPrice.SavingOf(call.Route!, cost, counted),
            Tokens = counted?.Tokens ?? default,
            ReservedUsd = call.Reservation.GrantedUsd,
            Cache = caching.UseCache ? CacheOutcome.Miss : CacheOutcome.Bypassed,
            Attempts = call.Attempts,
            Routing = call.Route,
            TimeToFirstToken = call.TimeToFirstToken,
            Duration = call.Stop(),
            Overhead = call.Overhead,
        };
    }

    // The caller's token may be what ended the call, so settling doesn't listen to it; and it must not hide the call's own failure.
    private async ValueTask SettleInLedgerAsync(CallRecord call, LlmCost cost)
    {
        if (call.Reservation.Id is null)
        {
            return;
        }

        // What nobody can price is not free: all that was held back for it is spent.
        decimal spent = cost.Status is PriceStatus.Unknown ? call.Reservation.GrantedUsd : cost.Usd;
        try
        {
            await ledger.SettleAsync(call.Reservation, spent, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            telemetry.SettleFailed();
            Log.SettleFailed(logger, call.RequestId, spent, e);
        }
    }
}
