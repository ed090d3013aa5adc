using IntegrationLayer.Sdk.Caching;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>What the cache had for a request.</summary>
/// <param name="Answer">The answer, if it had it.</param>
/// <param name="Receipt">The receipt of that.</param>
/// <param name="Plan">What to do with the answer otherwise.</param>
internal readonly record struct CacheFinding(CachedAnswer? Answer, LlmReceipt? Receipt, CachePlan Plan);
