namespace IntegrationLayer.Sdk.Caching;

/// <summary>The default: nothing is cached until the user asks for it.</summary>
internal sealed class NoCachePolicy : ICachePolicy
{
    public CacheDecision Decide(LlmRequest request) => CacheDecision.Bypass;
}
