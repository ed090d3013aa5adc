using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Routing;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>After a stream has broken off: decides whether the same model may go on with the text so far, and makes the request that asks it to.</summary>
internal sealed class ContinuationStep(RoutePlanner planner, RetryPolicy retries)
{
    // Providers count it; this only keeps a continuation from being given the cap of a whole answer again.
    private const int CharactersPerToken = 4;

    /// <summary>Begins to keep what is given out, if the request may be continued.</summary>
    public static ContinuedText? Begin(LlmRequest request) => request is { ContinueBrokenStream: true, HasSideEffects: false } ? new ContinuedText() : null;

    /// <summary>Finds the candidates for going on.</summary>
    /// <param name="broken">The stream.</param>
    /// <param name="target">Who wrote it.</param>
    /// <param name="call">The request.</param>
    /// <param name="text">What was given out.</param>
    /// <returns><see langword="null"/> if nobody may.</returns>
    public CostAnalysis? After(CommittedStream broken, RankedDeployment target, CallRecord call, ContinuedText text)
    {
        LlmRequest request = call.Request;
        IntegrationLayerOptions options = planner.Options;
        decimal? leftUsd = request.Requirements.MaxCost - call.Spent.Usd;
        bool mayContinue = broken.Partial!.IsTextOnly
            && RetryTable.After(broken.Failure!.ErrorClass) is RetryScope.OthersThenAgain
            && call.Attempts.Count < options.MaxAttempts
            && !(leftUsd <= 0)
            && text.CutForPrefill() is { Length: > 0 };
        if (!mayContinue)
        {
            return null;
        }

        try
        {
            CostAnalysis costs = planner.Analyze(Continue(request, target.Deployment, text, leftUsd));
            return retries.TryRepeat(options) ? costs : null;
        }
        catch (NoEligibleModelException)
        {
            // No deployment of the model takes a beginning.
            return null;
        }
    }

    // The same model and nobody else: the beginning is its, and two voices in one answer would be worse than none.
    private static LlmRequest Continue(LlmRequest request, Deployment deployment, ContinuedText text, decimal? leftUsd)
    {
        ChatOptions options = request.Options?.Clone() ?? new ChatOptions();
        options.ModelId = deployment.ModelId;
        options.MaxOutputTokens = options.MaxOutputTokens is { } cap ? Math.Max(1, cap - (text.Length / CharactersPerToken)) : null;
        ModelRequirements requirements = request.Requirements with
        {
            Capabilities = request.Requirements.Capabilities | ModelCapabilities.Prefill, MaxCost = leftUsd ?? request.Requirements.MaxCost,
        };
        return request.With([.. request.Messages, new ChatMessage(ChatRole.Assistant, text.CutForPrefill())]) with { Options = options, Requirements = requirements };
    }
}
