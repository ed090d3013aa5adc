using IntegrationLayer.Sdk.Caching;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Redis.Caching;

/// <summary>Checks how answers are shared when the application starts.</summary>
internal sealed class RedisCacheOptionsValidator(IOptions<ExactMatchCacheOptions> cache) : IValidateOptions<RedisCacheOptions>
{
    private const int KiB = 1024;

    public ValidateOptionsResult Validate(string? name, RedisCacheOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        SharedCacheRules.CheckKey(errors, cache.Value, "UseRedisCache");
        SharedCacheRules.Check(errors, "RedisCacheOptions.Timeout", options.Timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10));
        SharedCacheRules.Check(errors, "RedisCacheOptions.MemoryTimeToLive", options.MemoryTimeToLive, TimeSpan.FromSeconds(1), CacheLimits.LongestTime);
        SharedCacheRules.Check(errors, "RedisCacheOptions.MaxPayloadBytes", options.MaxPayloadBytes, KiB, 256 * KiB * KiB);
        return errors.Build();
    }
}
