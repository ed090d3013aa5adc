using System.Globalization;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>What the settings of all caches that processes share have to be.</summary>
internal static class SharedCacheRules
{
    /// <summary>Checks that the processes can read each other's answers.</summary>
    public static void CheckKey(ValidateOptionsResultBuilder errors, ExactMatchCacheOptions options, string method)
    {
        if (options.InstallationKey is null)
        {
            errors.AddError(
                $"{method} shares answers with other processes, and ExactMatchCacheOptions.InstallationKey isn't set: give all of them the same secret of at least 32 characters, such as the output of 'openssl rand -base64 32', in UseExactMatchCache.");
        }
    }

    public static void Check<T>(ValidateOptionsResultBuilder errors, string setting, T value, T least, T most)
        where T : IComparable<T>, IFormattable
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            errors.AddError(string.Create(CultureInfo.InvariantCulture, $"{setting} is {value}; set it from {least} to {most}."));
        }
    }
}
