using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.SemanticCaching;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>What the semantic cache had for a request.</summary>
/// <param name="Answer">The answer, if it had one to give.</param>
/// <param name="Finding">What was found; <see langword="null"/> if the request can't be looked up.</param>
/// <param name="HasFailed">Whether the embedder or the index failed.</param>
internal readonly record struct SemanticHit(CachedAnswer? Answer, SemanticFinding? Finding, bool HasFailed = false);
