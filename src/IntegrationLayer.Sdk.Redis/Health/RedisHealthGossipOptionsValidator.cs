using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Redis.Health;

/// <summary>Checks the settings of gossip. Never quotes the key.</summary>
internal sealed class RedisHealthGossipOptionsValidator : IValidateOptions<RedisHealthGossipOptions>
{
    private const int ShortestKey = 16;

    public ValidateOptionsResult Validate(string? name, RedisHealthGossipOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (options.Key is not { Length: >= ShortestKey })
        {
            errors.AddError($"RedisHealthGossipOptions.Key has {options.Key?.Length ?? 0} characters. Give all processes the same secret of at least {ShortestKey}.");
        }

        if (options.MaxRest < TimeSpan.FromSeconds(1) || options.MaxRest > TimeSpan.FromDays(1))
        {
            errors.AddError($"RedisHealthGossipOptions.MaxRest is {options.MaxRest}; set it from 1 second to 1 day.");
        }

        return errors.Build();
    }
}
