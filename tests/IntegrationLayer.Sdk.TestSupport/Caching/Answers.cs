using IntegrationLayer.Sdk.Caching;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.TestSupport.Caching;

/// <summary>Answers to put into caches.</summary>
public static class Answers
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static LlmReceipt Receipt { get; } = new()
    {
        RequestId = "r",
        Deployment = "lab/small",
        Provider = "openai",
        Model = "small",
        ModelServed = "small-1",
        Cost = new LlmCost(0.25m, PriceStatus.Exact),
        Saving = new LlmSaving { RoutingUsd = 0.5m },
    };

    public static CachedAnswer Of(
        string text, TimeSpan? timeToLive = null, long stamp = 0, string? tenant = null, IReadOnlyList<string>? tags = null, DateTimeOffset? now = null) =>
        Of(new ChatMessage(ChatRole.Assistant, text), timeToLive, stamp, tenant, tags, now);

    public static CachedAnswer Of(
        ChatMessage message, TimeSpan? timeToLive = null, long stamp = 0, string? tenant = null, IReadOnlyList<string>? tags = null, DateTimeOffset? now = null)
    {
        DateTimeOffset cachedAt = now ?? Now;
        DateTimeOffset expiresAt = cachedAt + (timeToLive ?? TimeSpan.FromMinutes(1));
        return new CachedAnswer(
            StoredAnswer.Of(new ChatResponse(message) { FinishReason = ChatFinishReason.Stop, ResponseId = "answer" }),
            AnswerOrigin.Of(Receipt, tenant, tags),
            new AnswerLifetime(cachedAt, expiresAt, expiresAt, stamp));
    }
}
