using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Finds accounts that the configured gateway would refuse, before it does.</summary>
internal static class PortkeyAccountRules
{
    // Providers that need no key, or whose credentials go in headers of their own.
    private static readonly string[] Keyless = ["ollama", "triton"];
    private static readonly string[] CredentialHeaders =
        ["x-portkey-aws-", "x-portkey-vertex-", "x-portkey-azure-", "x-portkey-amzn-", "x-portkey-oracle-", "x-portkey-config", "authorization", "x-api-key"];

    /// <summary>Gives what is wrong with an account, with the cure; empty if nothing.</summary>
    public static IReadOnlyList<string> Check(ProviderAccount account, PortkeyOptions options)
    {
        List<string> errors = [];
        if (!options.IsHosted)
        {
            CheckSelfHosted(account, errors);
        }

        if (!HasCredential(account))
        {
            errors.Add($"Account '{account.Name}' has no credential. Set ApiKey{(options.IsHosted ? ", PortkeyProvider, VirtualKey or ConfigId" : "; a local model that needs none takes any text")}.");
        }

        if (account.VirtualKey is not null && account.PortkeyProvider is not null)
        {
            errors.Add($"Account '{account.Name}' sets VirtualKey and PortkeyProvider. Both name the credential: set one.");
        }

        CheckHost(account, errors);
        CheckHeaders(account, options, errors);
        return errors;
    }

    /// <summary>Gives what may go wrong with an account, depending on how the gateway is set up; empty if nothing.</summary>
    public static IReadOnlyList<string> Warn(ProviderAccount account, PortkeyOptions options) =>
        !options.IsHosted && account.CustomHost is { IsAbsoluteUri: true } host && CustomHostRules.IsRefused(host)
            ? [$"Account '{account.Name}': an open-source gateway refuses the custom host {host.Host} unless its variable TRUSTED_CUSTOM_HOSTS names it (and then localhost too, if needed)."]
            : [];

    private static void CheckSelfHosted(ProviderAccount account, List<string> errors)
    {
        if (account.VirtualKey is not null)
        {
            errors.Add($"Account '{account.Name}' uses a virtual key, which only hosted Portkey knows. Set ApiKey instead, or Portkey:Hosted if the gateway is an enterprise one.");
        }

        if (account.ConfigId is not null)
        {
            errors.Add($"Account '{account.Name}' uses a saved configuration, which only hosted Portkey knows. Set ApiKey instead, or Portkey:Hosted if the gateway is an enterprise one.");
        }

        if (account.PortkeyProvider is not null)
        {
            errors.Add($"Account '{account.Name}' uses PortkeyProvider (Portkey's model catalogue), which only hosted Portkey knows. Set ApiKey instead, or Portkey:Hosted if the gateway is an enterprise one.");
        }

        if (!PortkeyProviders.Known.Contains(account.Provider))
        {
            errors.Add($"Account '{account.Name}': the gateway knows no provider '{account.Provider}'. Near names: {string.Join(", ", PortkeyProviders.Like(account.Provider))}.");
        }
    }

    private static bool HasCredential(ProviderAccount account) =>
        !string.IsNullOrEmpty(account.ApiKey)
        || !string.IsNullOrEmpty(account.PortkeyProvider)
        || !string.IsNullOrEmpty(account.VirtualKey)
        || !string.IsNullOrEmpty(account.ConfigId)
        || Keyless.Contains(account.Provider)
        || account.Headers.Keys.Any(name => Array.Exists(CredentialHeaders, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)));

    private static void CheckHost(ProviderAccount account, List<string> errors)
    {
        if (account.CustomHost is { } host && CustomHostRules.Check(host) is { } error)
        {
            errors.Add($"Account '{account.Name}': {error}");
        }
    }

    private static void CheckHeaders(ProviderAccount account, PortkeyOptions options, List<string> errors)
    {
        foreach ((string name, string value) in account.Headers)
        {
            if (HeaderRules.Check(name, value) is { } error)
            {
                errors.Add($"Account '{account.Name}': {error}");
            }
            else if (name.Equals(PortkeyHeaders.ApiKey, StringComparison.OrdinalIgnoreCase))
            {
                errors.Add($"Account '{account.Name}' sets the header {name}. Set Portkey:ApiKey instead.");
            }
        }

        foreach ((string what, string header, string? value) in (ReadOnlySpan<(string, string, string?)>)
            [("ApiKey", PortkeyHeaders.Authorization, account.ApiKey), ("VirtualKey", PortkeyHeaders.VirtualKey, account.VirtualKey), ("Portkey:ApiKey", PortkeyHeaders.ApiKey, options.ApiKey)])
        {
            if (!string.IsNullOrEmpty(value) && HeaderRules.Check(header, value) is not null)
            {
                errors.Add($"Account '{account.Name}': {what} holds spaces at an end, line breaks or characters other than ASCII. Copy it again.");
            }
        }
    }
}
