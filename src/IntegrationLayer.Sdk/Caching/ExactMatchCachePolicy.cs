using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Equal requests of one tenant share an answer.</summary>
internal sealed class ExactMatchCachePolicy(IOptions<ExactMatchCacheOptions> options) : ICachePolicy
{
    public CacheDecision Decide(LlmRequest request) =>
        CanonicalRequest.TryDigest(request, out string? digest)
            ? CacheDecision.Use(new CacheKey(digest), options.Value.TimeToLive)
            : CacheDecision.Bypass;
}
