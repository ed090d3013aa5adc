using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Makes of an answer what the cache keeps.</summary>
internal sealed class AnswerMaker(IOptions<ExactMatchCacheOptions> options, RandomSource random, TimeProvider timeProvider)
{
    private readonly ExactMatchCacheOptions _options = options.Value;

    /// <summary>Gets the moment from which on a stale answer is to be asked for anew.</summary>
    public DateTimeOffset Now => timeProvider.GetUtcNow();

    /// <summary>Makes a stored answer; <see langword="null"/> for one that nobody else may be given, or that is too large.</summary>
    /// <param name="request">The request.</param>
    /// <param name="response">The answer.</param>
    /// <param name="decision">How long it stays.</param>
    /// <param name="stamp">The last invalidation that was known when the request began.</param>
    /// <param name="isGuardrailFlagged">Whether a guardrail objected.</param>
    public CachedAnswer? TryMake(LlmRequest request, LlmResponse response, CacheDecision decision, long stamp, bool isGuardrailFlagged)
    {
        if (!CleanAnswer.Is(request, response.Content, isGuardrailFlagged))
        {
            return null;
        }

        IStoredAnswer content;
        try
        {
            content = StoredAnswer.Of(response.Content);
        }
        catch (NotSupportedException)
        {
            // It holds something that only its provider's library understands.
            return null;
        }

        return content.Size <= _options.MaxAnswerBytes
            ? new CachedAnswer(content, AnswerOrigin.Of(response.Receipt, request.Context.TenantId, decision.Tags), Lifetime(decision, stamp))
            : null;
    }

    private AnswerLifetime Lifetime(CacheDecision decision, long stamp)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        double kept = _options.Jitter > 0 ? 1 - (_options.Jitter * random.NextPositive()) : 1;
        DateTimeOffset refreshAt = now + (decision.TimeToLive * kept);
        return new AnswerLifetime(now, refreshAt, refreshAt + decision.StaleFor, stamp);
    }
}
