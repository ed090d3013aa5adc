using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.SemanticCaching;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>The part of the cache's step that looks for questions which ask the same in other words.</summary>
internal sealed class SemanticStep(SemanticCache cache, QuestionFinder questions, AnswerStore store, SemanticFollowUp followUp, TimeProvider timeProvider, ILogger<LlmPipeline> logger)
{
    /// <summary>Counts an answer to exactly the same request.</summary>
    public void CountExact(LlmRequest request, CacheDecision decision) => cache.CountExact(QuestionFinder.LearnerOf(request, decision.Scope));

    /// <summary>Looks for an answer. Nothing but the caller's own cancellation ends the request.</summary>
    public async ValueTask<SemanticHit> FindAsync(LlmRequest request, CacheDecision decision, CancellationToken cancellationToken)
    {
        if (request.Checked is { } isChecked)
        {
            return new SemanticHit(null, isChecked);
        }

        if (!request.Caching.Reads || questions.Find(request, decision.Scope) is not { } question)
        {
            return default;
        }

        SemanticLookup lookup;
        try
        {
            lookup = await cache.FindAsync(question, timeProvider.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.SemanticCacheFailed(logger, e);
            lookup = new SemanticLookup(null, HasFailed: true);
        }

        return new SemanticHit(lookup.Finding is { Accepted: { } entry } ? Restore(entry) : null, lookup.Finding, lookup.HasFailed);
    }

    /// <summary>Remembers what was given, and asks the model besides if that is to be checked.</summary>
    public void Given(LlmRequest request, LlmReceipt receipt, SemanticFinding finding) => followUp.Given(request, receipt, finding);

    /// <summary>Learns what the model answered, and keeps it if it is a text.</summary>
    public async ValueTask LearnAsync(SemanticFinding near, CacheKey key, CacheDecision decision, LlmRequest request, LlmResponse response, CachedAnswer answer)
    {
        // The caller may have changed the request meanwhile: then nobody knows what was answered.
        bool isText = response.Content.Messages is [{ } message] && message.Contents.All(static c => c is TextContent or TextReasoningContent or UsageContent);
        if (!isText || questions.Find(request, decision.Scope) is not { } question || question.Text != near.Question.Text || question.Partition != near.Question.Partition)
        {
            return;
        }

        try
        {
            await cache.LearnAsync(near, key.Value, response.Content.Text, answer.ToBytes(), answer.ExpiresAt, TextOf, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.SemanticCacheFailed(logger, e);
        }
    }

    private static string? TextOf(SemanticEntry entry) => CachedAnswer.TryRead(entry.Answer.Span, out CachedAnswer? answer) ? answer.Restore().Text : null;

    private CachedAnswer? Restore(SemanticEntry entry) =>
        CachedAnswer.TryRead(entry.Answer.Span, out CachedAnswer? answer) && answer.ExpiresAt > timeProvider.GetUtcNow() && store.Allows(answer, entry.Id) ? answer : null;
}
