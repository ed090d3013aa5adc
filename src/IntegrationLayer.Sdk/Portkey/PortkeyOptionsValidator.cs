using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Checks that the gateway can be reached as configured and will take the accounts. Not registered when something else stands in for Portkey.</summary>
internal sealed partial class PortkeyOptionsValidator(ILogger<PortkeyOptionsValidator> logger) : IValidateOptions<IntegrationLayerOptions>
{
    public ValidateOptionsResult Validate(string? name, IntegrationLayerOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (options.Portkey is not { Endpoint: not null } portkey)
        {
            // The check of each setting by itself reports it.
            return ValidateOptionsResult.Skip;
        }

        CheckEndpoint(portkey, errors);
        if (portkey.IsHosted && string.IsNullOrWhiteSpace(portkey.ApiKey))
        {
            errors.AddError("Set the Portkey API key: options.Portkey.ApiKey, or IntegrationLayer:Portkey:ApiKey in the configuration. For a gateway of your own, set Portkey:Endpoint.");
        }

        foreach ((string account, AccountOptions settings) in options.Accounts.Where(a => !string.IsNullOrWhiteSpace(a.Value.Provider)))
        {
            ProviderAccount provider = settings.ToAccount(account);
            foreach (string error in PortkeyAccountRules.Check(provider, portkey))
            {
                errors.AddError(error);
            }

            foreach (string warning in PortkeyAccountRules.Warn(provider, portkey))
            {
                LogWarning(warning);
            }
        }

        return errors.Build();
    }

    private void CheckEndpoint(PortkeyOptions portkey, ValidateOptionsResultBuilder errors)
    {
        if (portkey.Endpoint is not { } endpoint)
        {
            return;
        }

        if (!endpoint.IsAbsoluteUri || endpoint.Scheme is not ("http" or "https"))
        {
            errors.AddError($"IntegrationLayer:Portkey:Endpoint is '{endpoint}'; it must be an absolute address such as https://api.portkey.ai/v1/ or http://localhost:8787/v1/.");
        }
        else if (endpoint.Scheme == "http" && portkey.IsHosted && !endpoint.IsLoopback)
        {
            errors.AddError($"IntegrationLayer:Portkey:Endpoint is '{endpoint}': keys and prompts would travel unencrypted to hosted Portkey. Use https.");
        }
        else if (endpoint.AbsolutePath.TrimEnd('/').EndsWith("/chat/completions", StringComparison.OrdinalIgnoreCase))
        {
            errors.AddError($"IntegrationLayer:Portkey:Endpoint is '{endpoint}'; leave out chat/completions, which the SDK adds.");
        }
        else if (!endpoint.Segments.Any(IsVersion))
        {
            LogWarning($"IntegrationLayer:Portkey:Endpoint is '{endpoint}', without a version. Portkey's gateways answer under /v1/: calls elsewhere end in 404 unless a proxy adds it.");
        }
    }

    private static bool IsVersion(string segment) => segment is ['v' or 'V', var digit, ..] && char.IsAsciiDigit(digit);

    [LoggerMessage(1003, LogLevel.Warning, "{Warning}")]
    private partial void LogWarning(string warning);
}
