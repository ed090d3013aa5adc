using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.SemanticCaching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Redis.SemanticCaching;

/// <summary>Checks the settings, and that there are a cache that uses the index and a secret that its processes share.</summary>
internal sealed class RedisSemanticIndexOptionsValidator(IServiceProviderIsService services, IOptions<ExactMatchCacheOptions> cache) : IValidateOptions<RedisSemanticIndexOptions>
{
    private const string Name = nameof(RedisSemanticIndexOptions);
    private const int FewestEntries = 16;
    private const int MostEntries = 10_000_000;

    public ValidateOptionsResult Validate(string? name, RedisSemanticIndexOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (options.Timeout < TimeSpan.FromMilliseconds(1) || options.Timeout > TimeSpan.FromSeconds(10))
        {
            errors.AddError($"{Name}.Timeout is {options.Timeout}; set it from 1 ms to 10 s.");
        }

        if (options.MaxEntriesPerPartition is < FewestEntries or > MostEntries)
        {
            errors.AddError(FormattableString.Invariant($"{Name}.MaxEntriesPerPartition is {options.MaxEntriesPerPartition}; set it from {FewestEntries} to {MostEntries}."));
        }

        if (!services.IsService(typeof(SemanticCache)))
        {
            errors.AddError("UseRedisSemanticIndex was called, but nothing uses the index. Call UseSemanticCache too.");
        }

        if (cache.Value.InstallationKey is null)
        {
            errors.AddError(
                $"{nameof(ExactMatchCacheOptions)}.{nameof(ExactMatchCacheOptions.InstallationKey)} is not set, so that each process makes up its own and none could read what another wrote. " +
                "Give all processes the same secret: UseExactMatchCache(o => o.InstallationKey = …).");
        }

        return errors.Build();
    }
}
