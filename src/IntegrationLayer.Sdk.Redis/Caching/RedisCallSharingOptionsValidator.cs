using IntegrationLayer.Sdk.Caching;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Redis.Caching;

/// <summary>Checks how calls are shared when the application starts.</summary>
internal sealed class RedisCallSharingOptionsValidator : IValidateOptions<RedisCallSharingOptions>
{
    public ValidateOptionsResult Validate(string? name, RedisCallSharingOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        SharedCacheRules.Check(errors, "RedisCallSharingOptions.Lease", options.Lease, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        SharedCacheRules.Check(errors, "RedisCallSharingOptions.LongestWait", options.LongestWait, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10));
        return errors.Build();
    }
}
