using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Checks how answers are shared when the application starts.</summary>
internal sealed class HybridResponseCacheOptionsValidator(IOptions<ExactMatchCacheOptions> cache) : IValidateOptions<HybridResponseCacheOptions>
{
    public ValidateOptionsResult Validate(string? name, HybridResponseCacheOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        SharedCacheRules.CheckKey(errors, cache.Value, "UseHybridCache");
        SharedCacheRules.Check(errors, "HybridResponseCacheOptions.Timeout", options.Timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10));
        SharedCacheRules.Check(errors, "HybridResponseCacheOptions.MemoryTimeToLive", options.MemoryTimeToLive, TimeSpan.FromSeconds(1), CacheLimits.LongestTime);
        return errors.Build();
    }
}
