using System.Globalization;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Checks the settings of the cache when the application starts. Never quotes the installation's key.</summary>
internal sealed class ExactMatchCacheOptionsValidator : IValidateOptions<ExactMatchCacheOptions>
{
    private const int ShortestKey = 32;
    private const long KiB = 1024;

    public ValidateOptionsResult Validate(string? name, ExactMatchCacheOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        Check(errors, nameof(options.TimeToLive), options.TimeToLive, TimeSpan.FromMilliseconds(1), CacheLimits.LongestTime);
        Check(errors, nameof(options.Jitter), options.Jitter, 0, 0.5);
        Check(errors, nameof(options.StaleWhileRevalidate), options.StaleWhileRevalidate, TimeSpan.Zero, CacheLimits.LongestTime);
        Check(errors, nameof(options.MaxTemperature), options.MaxTemperature, 0, 2);
        Check(errors, nameof(options.MaxBytes), options.MaxBytes, 4 * KiB, KiB * KiB * KiB * KiB);
        Check(errors, nameof(options.MaxAnswerBytes), options.MaxAnswerBytes, KiB, Math.Max(KiB, options.MaxBytes));
        Check(errors, nameof(options.MaxFollowers), options.MaxFollowers, 0, 1_000_000);
        if (!Enum.IsDefined(options.Scope))
        {
            errors.AddError($"ExactMatchCacheOptions.Scope is {options.Scope}; set it to Tenant, User or Shared.");
        }

        if (options.InstallationKey is { Length: < ShortestKey } key)
        {
            errors.AddError($"ExactMatchCacheOptions.InstallationKey has {key.Length} characters; set it to a random text of at least {ShortestKey}, such as the output of 'openssl rand -base64 32'.");
        }

        return errors.Build();
    }

    // NaN compares as less than anything, so it is refused too.
    private static void Check<T>(ValidateOptionsResultBuilder errors, string setting, T value, T least, T most)
        where T : IComparable<T>, IFormattable
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            errors.AddError($"ExactMatchCacheOptions.{setting} is {Show(value)}; set it from {Show(least)} to {Show(most)}.");
        }
    }

    private static string Show<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
