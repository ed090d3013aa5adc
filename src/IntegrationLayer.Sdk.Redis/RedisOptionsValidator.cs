using System.Buffers;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis;

/// <summary>Checks that Redis can be reached as configured, without reaching for it. Never quotes a configuration, which may hold a password.</summary>
internal sealed class RedisOptionsValidator : IValidateOptions<RedisOptions>
{
    private const int LongestPrefix = 64;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:_.-");

    public ValidateOptionsResult Validate(string? name, RedisOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        CheckPrefix(options.KeyPrefix, errors);
        switch (options)
        {
            case { Configuration: null, ConfigurationOptions: null }:
                errors.AddError("RedisOptions.Configuration is empty. Give UseRedis a server, such as \"localhost:6379\".");
                break;
            case { Configuration: not null, ConfigurationOptions: not null }:
                errors.AddError("RedisOptions.Configuration and RedisOptions.ConfigurationOptions are both set. Set one of them.");
                break;
            case { ConfigurationOptions: { } given }:
                CheckServers(given, errors);
                break;
            case { Configuration: { } text }:
                CheckText(text, errors);
                break;
        }

        return errors.Build();
    }

    private static void CheckPrefix(string? prefix, ValidateOptionsResultBuilder errors)
    {
        // Braces would decide which node of a cluster holds a key; the ledger does that by tenant.
        if (string.IsNullOrEmpty(prefix) || prefix.Length > LongestPrefix || prefix.AsSpan().ContainsAnyExcept(Allowed))
        {
            errors.AddError($"RedisOptions.KeyPrefix is '{prefix}'; set it to 1 to {LongestPrefix} letters, digits or any of : _ . - such as il or shop:il.");
        }
    }

    private static void CheckText(string text, ValidateOptionsResultBuilder errors)
    {
        try
        {
            CheckServers(StackExchange.Redis.ConfigurationOptions.Parse(text), errors);
        }
        catch (ArgumentException e)
        {
            // The parser names the keyword it doesn't know or the value it can't read; both may sit beside a password, so only the keyword is passed on.
            errors.AddError($"RedisOptions.Configuration can't be read{(e.ParamName is { Length: > 0 } keyword ? $" at '{keyword}'" : "")}. Write it as StackExchange.Redis does, such as \"redis.internal:6380,ssl=true\".");
        }
    }

    private static void CheckServers(ConfigurationOptions configuration, ValidateOptionsResultBuilder errors)
    {
        if (configuration.EndPoints.Count == 0)
        {
            errors.AddError("The Redis configuration names no server. Add one, such as localhost:6379.");
        }
    }
}
