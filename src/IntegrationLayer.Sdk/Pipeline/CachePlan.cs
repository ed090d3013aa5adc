using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.SemanticCaching;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>What to do with the answer of a request that the cache couldn't give.</summary>
/// <param name="Key">The key; <see langword="null"/> for a request that leaves the cache alone.</param>
/// <param name="Decision">How long the answer stays, for whom.</param>
/// <param name="Stamp">The last invalidation that was known when the request began.</param>
/// <param name="Landings">What tells whether an identical call has ended since.</param>
internal readonly record struct CachePlan(CacheKey? Key, CacheDecision Decision, long Stamp, int Landings)
{
    /// <summary>Gets what the semantic cache found, to learn from the answer whether it would have been right.</summary>
    public SemanticFinding? Near { get; init; }

    /// <summary>Gets what the cache did: it was asked in vain, or not at all.</summary>
    public CacheOutcome Outcome => Key is null ? CacheOutcome.Bypassed : CacheOutcome.Miss;
}
