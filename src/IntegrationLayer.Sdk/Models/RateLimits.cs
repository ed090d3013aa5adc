namespace IntegrationLayer.Sdk.Models;

/// <summary>What a provider said of its limits with one answer. Immutable.</summary>
/// <param name="ReadAt">When, as a timestamp.</param>
/// <param name="Requests">The limit of requests, if it was named.</param>
/// <param name="Tokens">The limit of tokens, if it was named.</param>
internal sealed record RateLimits(long ReadAt, RateLimit? Requests, RateLimit? Tokens);
