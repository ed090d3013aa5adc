using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Equal requests of one tenant share an answer, except those that ask for variety, and those whose tools have done something.</summary>
internal sealed class ExactMatchCachePolicy : ICachePolicy
{
    private readonly CacheDecision _use;
    private readonly float _maxTemperature;

    public ExactMatchCachePolicy(IOptions<ExactMatchCacheOptions> options)
    {
        ExactMatchCacheOptions value = options.Value;
        _use = CacheDecision.Use(value.TimeToLive) with { StaleFor = value.StaleWhileRevalidate, Scope = value.Scope };
        _maxTemperature = value.MaxTemperature;
    }

    public CacheDecision Decide(LlmRequest request) =>
        (request.Options is { Seed: null, Temperature: { } temperature } && temperature > _maxTemperature) || SideEffects.WereCausedBy(request)
            ? CacheDecision.Bypass
            : _use;
}
