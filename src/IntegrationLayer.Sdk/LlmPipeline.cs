using System.Diagnostics;
using System.Runtime.CompilerServices;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Pipeline;
using IntegrationLayer.Sdk.Routing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk;

/// <summary>
/// The path of every request: cost analysis, cache, ranking, budget, execution with failover, settlement, monitoring.
/// Read this file to know what the SDK does; each step is a file in the folder Pipeline, and what it works with lives in the folder that bears its name.
/// </summary>
internal sealed class LlmPipeline(
    RoutePlanner planner,
    CacheStep cache,
    CoalescingStep coalescing,
    ExecutionStep execution,
    ContinuationStep continuation,
    SettlementStep settlement,
    MonitoringStep monitoring,
    TimeProvider timeProvider,
    ILogger<LlmPipeline> logger,
    SharedCallStep? sharing = null) : ILlmClient, IRoutePlanner
{
    public Task<LlmResponse> GetResponseAsync(LlmRequest request, CancellationToken cancellationToken = default)
    {
        RequestRules.Check(request);
        CacheDecision caching = cache.Decide(request);
        Activity? outer = Activity.Current;
        var call = CallRecord.Begin(monitoring, request, timeProvider, isStreamed: false);
        bool hasSpan = call.Activity is not null;
        Task<LlmResponse> answering = caching.UseCache ? ShareAsync(call, caching, cancellationToken) : AskAsync(call, default, flight: null, cancellationToken);
        if (hasSpan)
        {
            // The caller goes on while the request is under way: what it does next is no part of it.
            Activity.Current = outer;
        }

        return answering;
    }

    public IAsyncEnumerable<LlmResponseUpdate> GetStreamingResponseAsync(LlmRequest request, CancellationToken cancellationToken = default)
    {
        RequestRules.Check(request);
        CacheDecision caching = cache.Decide(request);
        return caching.UseCache ? ShareStreamAsync(request, caching, cancellationToken) : StreamAsync(request, call: null, default, cancellationToken);
    }

    /// <summary>Turns texts into vectors, on the same path.</summary>
    public async Task<(GeneratedEmbeddings<Embedding<float>> Content, LlmReceipt Receipt)> EmbedAsync(
        LlmRequest request, IReadOnlyList<string> inputs, EmbeddingGenerationOptions? options, CancellationToken cancellationToken)
    {
        RequestRules.Check(request);
        using var call = CallRecord.Begin(monitoring, request, timeProvider, isStreamed: false);
        try
        {
            CostAnalysis costs = planner.Analyze(request);
            using Attempt<GatewayEmbeddings> answer = await execution.RunAsync(
                costs,
                call,
                (gateway, sent, timer) => gateway.EmbedAsync(new GatewayEmbeddingCall(sent.Deployment, inputs, options, sent.Envelope), timer.Begin()),
                cancellationToken).ConfigureAwait(false);
            GeneratedEmbeddings<Embedding<float>> content = answer.Result.Content;
            content.Usage?.OutputTokenCount ??= 0;
            LlmReceipt receipt = await settlement.SettleAsync(
                answer, call, costs, CacheOutcome.Bypassed, content.Usage, new Served(content.Count > 0 ? content[0].ModelId : null, null), failure: null).ConfigureAwait(false);
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

    /// <summary>Gives the answer from the cache, or of an identical call in flight, or else makes a call that others may join.</summary>
    private Task<LlmResponse> ShareAsync(CallRecord call, CacheDecision caching, CancellationToken cancellationToken)
    {
        ValueTask<Boarding> boarding = BoardAsync(call, caching, cancellationToken);

        // What memory has needs no state machine.
        return boarding.IsCompletedSuccessfully
            ? ShareAsync(call, caching, boarding.Result, cancellationToken)
            : ShareAsync(call, caching, boarding, cancellationToken);
    }

    private async Task<LlmResponse> ShareAsync(CallRecord call, CacheDecision caching, ValueTask<Boarding> boarding, CancellationToken cancellationToken) =>
        await ShareAsync(call, caching, await boarding.ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    private Task<LlmResponse> ShareAsync(CallRecord call, CacheDecision caching, Boarding boarding, CancellationToken cancellationToken)
    {
        if (boarding.Found is { Answer: { } cached, Receipt: { } receipt })
        {
            RefreshIfStale(call, boarding.Found);
            call.DisposeForReuse();
            return Task.FromResult(new LlmResponse(cached.Restore(), receipt));
        }

        switch (boarding.Role)
        {
            case FlightRole.Follower:
                return FollowAsync(call, caching, boarding.Flight!, cancellationToken);
            case FlightRole.Leader:
                Flight flight = boarding.Flight!;
                flight.LeaveOn(cancellationToken);
                _ = AskAsync(call, boarding.Found.Plan, flight, flight.Token);
                return flight.Task;
            default:
                return AskAsync(call, boarding.Found.Plan, flight: null, cancellationToken);
        }
    }

    /// <summary>Waits for an identical call; if that comes to nothing, begins again.</summary>
    private async Task<LlmResponse> FollowAsync(CallRecord call, CacheDecision caching, Flight flight, CancellationToken cancellationToken) =>
        await coalescing.FollowAsync(call, flight, cancellationToken).ConfigureAwait(false)
        ?? await ShareAsync(call, caching, cancellationToken).ConfigureAwait(false);

    /// <summary>Looks into the cache, and for an identical call in flight.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Boarding> BoardAsync(CallRecord call, CacheDecision caching, CancellationToken cancellationToken)
    {
        try
        {
            planner.Check(call.Request);
            while (true)
            {
                CacheFinding found = await cache.FindAsync(call, caching, cancellationToken).ConfigureAwait(false);
                Flight? flight = null;
                FlightRole role = found.Answer is null ? coalescing.Enter(found.Plan, call, out flight) : default;
                if (role is FlightRole.Leader && sharing is not null)
                {
                    return await sharing.BoardAsync(call, caching, found, flight!, cancellationToken).ConfigureAwait(false);
                }

                if (role is not FlightRole.LookAgain)
                {
                    return new Boarding(found, role, flight);
                }
            }
        }
        catch (Exception e)
        {
            call.Fail(e);
            call.Dispose();
            throw;
        }
    }

    /// <summary>Asks a model. An answer that others wait for goes to them too, and then the task isn't awaited but the flight.</summary>
    private async Task<LlmResponse> AskAsync(CallRecord call, CachePlan plan, Flight? flight, CancellationToken cancellationToken)
    {
        try
        {
            LlmResponse response;
            ValueTask writing;
            using (call)
            {
                try
                {
                    CostAnalysis costs = planner.Analyze(call.Request);
                    using Attempt<GatewayResponse> answer = await execution.RunAsync(
                        costs, call, static (gateway, sent, timer) => gateway.SendAsync(sent, timer.Begin()), cancellationToken).ConfigureAwait(false);
                    ChatResponse content = answer.Result.Content;
                    LlmReceipt receipt = await settlement.SettleAsync(
                        answer, call, costs, plan.Outcome, content.Usage, new Served(content.ModelId, content.AdditionalProperties) { FinishReason = content.FinishReason }, failure: null).ConfigureAwait(false);
                    call.Detail?.Answered(answer.Result.Info, content);
                    call.Telemetry.Content?.Answered(call, content);
                    response = new LlmResponse(content, call.Complete(receipt));
                    writing = cache.WriteAsync(call, plan, response, answer.Result.Info);
                }
                catch (Exception e)
                {
                    call.Fail(e);
                    throw;
                }
            }

            if (flight is null)
            {
                await writing.ConfigureAwait(false);
            }
            else
            {
                await CoalescingStep.LandAsync(flight, cache, (plan, call.Request), response, writing).ConfigureAwait(false);
            }

            return response;
        }
        catch (Exception e) when (flight is not null)
        {
            flight.Fail(e, CoalescingStep.EndOf(e));
            return null!;
        }
    }

    /// <summary>As <see cref="ShareAsync(CallRecord, CacheDecision, CancellationToken)"/>, piece by piece.</summary>
    private async IAsyncEnumerable<LlmResponseUpdate> ShareStreamAsync(LlmRequest request, CacheDecision caching, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var call = CallRecord.Begin(monitoring, request, timeProvider, isStreamed: true);
        while (true)
        {
            (CacheFinding found, FlightRole role, Flight? flight) = await BoardAsync(call, caching, cancellationToken).ConfigureAwait(false);
            if (found.Answer is { } cached)
            {
                RefreshIfStale(call, found);
                call.DisposeForReuse();
                foreach (ChatResponseUpdate update in cached.Replay())
                {
                    yield return new LlmResponseUpdate(update);
                }

                yield return new LlmResponseUpdate(new ChatResponseUpdate(), found.Receipt);
                yield break;
            }

            if (role is FlightRole.Alone)
            {
                await foreach (LlmResponseUpdate update in StreamAsync(request, call, found.Plan, cancellationToken).ConfigureAwait(false))
                {
                    yield return update;
                }

                yield break;
            }

            if (role is FlightRole.Leader)
            {
                FlightLead lead = CoalescingStep.Lead(flight!, StreamAsync(request, call, found.Plan, flight!.Token), cancellationToken);
                await using (lead.ConfigureAwait(false))
                {
                    while (await lead.MoveNextAsync().ConfigureAwait(false))
                    {
                        yield return lead.Current;
                    }
                }

                await flight.Task.ConfigureAwait(false);
                yield break;
            }

            using FlightFollower follower = coalescing.Join(call, flight!, cancellationToken);
            while (await follower.MoveNextAsync().ConfigureAwait(false))
            {
                long handedOver = call.Now();
                yield return follower.Current;
                call.WasElsewhereSince(handedOver);
            }

            if (await follower.ConcludeAsync().ConfigureAwait(false) is { } receipt)
            {
                foreach (ChatResponseUpdate update in follower.Answer?.Replay() ?? [])
                {
                    yield return new LlmResponseUpdate(update);
                }

                yield return new LlmResponseUpdate(new ChatResponseUpdate(), receipt);
                yield break;
            }
        }
    }

    private void RefreshIfStale(CallRecord call, CacheFinding found)
    {
        if (found.Receipt is { Cache: CacheOutcome.StaleHit })
        {
            coalescing.Refresh(found, call, request => GetResponseAsync(request));
        }
    }

    /// <summary>Asks a model, piece by piece.</summary>
    private async IAsyncEnumerable<LlmResponseUpdate> StreamAsync(
        LlmRequest request, CallRecord? call, CachePlan plan, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (call is null)
        {
            call = CallRecord.Begin(monitoring, request, timeProvider, isStreamed: true);
        }

        using CallRecord reported = call;
        ContinuedText? text = ContinuationStep.Begin(call.Request);
        (CostAnalysis costs, Attempt<CommittedStream> answer) = await StartStreamAsync(call, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            // The caller is about to see output: nobody else may be tried, and the tokens are spent however the stream ends.
            var open = new OpenStream(answer, call, costs, plan.Outcome, settlement);
            using CommittedStream stream = open.Stream;
            LlmReceipt receipt;
            bool isRead = false;
            try
            {
                if (call.Continuations > 0)
                {
                    yield return new LlmResponseUpdate(new ChatResponseUpdate()) { ContinuedBy = open.Deployment };
                }

                while (await stream.MoveNextAsync().ConfigureAwait(false))
                {
                    call.Detail?.Received(stream.Current);
                    long handedOver = call.Now();
                    yield return text is null ? stream.Current : text.Add(stream.Current);
                    call.WasElsewhereSince(handedOver);
                    call.Detail?.Consumed(handedOver);
                }

                isRead = true;
            }
            finally
            {
                call.Detail?.Closed(stream.Info, stream.BytesReceived);
                receipt = await open.EndAsync(isRead).ConfigureAwait(false);
            }

            if (stream.Failure is { } broken)
            {
                Log.AttemptFailed(logger, open.Deployment, call.RequestId, broken.ErrorClass);
                (costs, answer) = await ContinueAsync(open, text, call, receipt, cancellationToken).ConfigureAwait(false);
                continue;
            }

            // What was written in two goes is not kept for others.
            call.Telemetry.Content?.Answered(call, call.Continuations > 0 ? new ChatResponse(new ChatMessage(ChatRole.Assistant, text!.ToString())) : stream.ToChatResponse());
            ValueTask writing = plan.Key is null || call.Continuations > 0 ? default : cache.WriteAsync(call, plan, new LlmResponse(stream.ToChatResponse(), receipt), stream.Info);
            yield return new LlmResponseUpdate(new ChatResponseUpdate(), receipt);
            await writing.ConfigureAwait(false);
            yield break;
        }
    }

    /// <summary>Has a broken stream continued, if its request allows it and somebody can; or else reports it, with everything that had come.</summary>
    private async ValueTask<(CostAnalysis Costs, Attempt<CommittedStream> Answer)> ContinueAsync(
        OpenStream open, ContinuedText? text, CallRecord call, LlmReceipt receipt, CancellationToken cancellationToken)
    {
        if (call.Activity is { } span)
        {
            // What the consumer does between two pieces is no parent of a further call.
            Activity.Current = span;
        }

        LlmException broken = open.Stream.Failure!;
        PartialAnswer partial = text is null ? open.Stream.Partial! : open.Stream.Partial!.Of(text.ToString());
        if (text is null || continuation.After(open.Stream, open.Target, call, text) is not { } costs)
        {
            throw Failures.Interrupted(broken, partial, receipt);
        }

        try
        {
            Attempt<CommittedStream> answer = await execution.RunAsync(costs, call, CommittedStream.StartAsync, cancellationToken).ConfigureAwait(false);
            call.FirstContent();
            call.Telemetry.Interrupted(open.Target.Deployment, broken.ErrorClass);
            call.Continuations++;
            return (costs, answer);
        }
        catch (IntegrationLayerException)
        {
            // Why nobody could go on is in the attempts; what the caller has to know is that the answer isn't whole.
            LlmReceipt final = receipt with { Attempts = call.Attempts, Cost = call.Spent };
            call.Fail(broken.ErrorClass, final);
            throw Failures.Interrupted(broken, partial, final);
        }
        catch (Exception e)
        {
            call.Fail(e);
            throw;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(CostAnalysis Costs, Attempt<CommittedStream> Answer)> StartStreamAsync(CallRecord call, CancellationToken cancellationToken)
    {
        try
        {
            CostAnalysis costs = planner.Analyze(call.Request);
            Attempt<CommittedStream> answer = await execution.RunAsync(costs, call, CommittedStream.StartAsync, cancellationToken).ConfigureAwait(false);
            call.FirstContent();
            return (costs, answer);
        }
        catch (Exception e)
        {
            call.Fail(e);
            throw;
        }
    }
}
