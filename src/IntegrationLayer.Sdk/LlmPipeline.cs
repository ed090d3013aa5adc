using System.Runtime.CompilerServices;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Pipeline;
using IntegrationLayer.Sdk.Routing;
using IntegrationLayer.Sdk.Telemetry;
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
    ExecutionStep execution,
    SettlementStep settlement,
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
            CacheFinding found = await cache.FindAsync(call, cancellationToken).ConfigureAwait(false);
            if (found is { Answer: { } cached, Receipt: { } free })
            {
                return new LlmResponse(cached.Restore(), free);
            }

            using Attempt<GatewayResponse> answer = await execution.RunAsync(
                costs, call, static (gateway, sent, timer) => gateway.SendAsync(sent, timer.Begin()), cancellationToken).ConfigureAwait(false);
            ChatResponse content = answer.Result.Content;
            LlmReceipt receipt = await settlement.SettleAsync(answer, call, costs, found.Plan.Outcome, content.Usage, new Served(content.ModelId, content.AdditionalProperties), failure: null).ConfigureAwait(false);

            var response = new LlmResponse(content, call.Complete(receipt));
            await cache.WriteAsync(call, found.Plan, response, answer.Result.Info).ConfigureAwait(false);
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
        (CostAnalysis costs, CacheFinding found, Attempt<CommittedStream>? started) = await StartStreamAsync(request, call, cancellationToken).ConfigureAwait(false);
        if (found.Answer is { } cached)
        {
            foreach (ChatResponseUpdate update in cached.Replay())
            {
                yield return new LlmResponseUpdate(update);
            }

            yield return new LlmResponseUpdate(new ChatResponseUpdate(), found.Receipt);
            yield break;
        }

        // The caller is about to see output: nobody else may be tried, and the tokens are spent however the stream ends.
        var open = new OpenStream(started!, call, costs, found.Plan.Outcome, settlement);
        using CommittedStream stream = open.Stream;
        LlmReceipt receipt;
        bool isRead = false;
        try
        {
            while (await stream.MoveNextAsync().ConfigureAwait(false))
            {
                long handedOver = call.Now();
                yield return stream.Current;
                call.WasElsewhereSince(handedOver);
            }

            isRead = true;
        }
        finally
        {
            receipt = await open.EndAsync(isRead).ConfigureAwait(false);
        }

        if (stream.Failure is { } broken)
        {
            Log.AttemptFailed(logger, open.Deployment, call.RequestId, broken.ErrorClass);
            throw Failures.Interrupted(broken, stream.Partial!, receipt);
        }

        if (found.Plan.Key is not null)
        {
            await cache.WriteAsync(call, found.Plan, new LlmResponse(stream.ToChatResponse(), receipt), stream.Info).ConfigureAwait(false);
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

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(CostAnalysis Costs, CacheFinding Found, Attempt<CommittedStream>? Answer)> StartStreamAsync(
        LlmRequest request, CallRecord call, CancellationToken cancellationToken)
    {
        try
        {
            CostAnalysis costs = planner.Analyze(request);
            CacheFinding found = await cache.FindAsync(call, cancellationToken).ConfigureAwait(false);
            if (found.Answer is not null)
            {
                return (costs, found, null);
            }

            Attempt<CommittedStream> answer = await execution.RunAsync(costs, call, CommittedStream.StartAsync, cancellationToken).ConfigureAwait(false);
            call.FirstContent();
            return (costs, found, answer);
        }
        catch (Exception e)
        {
            call.Fail(e);
            throw;
        }
    }
}
