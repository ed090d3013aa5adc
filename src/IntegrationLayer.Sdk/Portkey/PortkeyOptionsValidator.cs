using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Checks that the gateway can be reached as configured and will take the accounts. Not registered when something else stands in for Portkey.</summary>
internal sealed partial class PortkeyOptionsValidator(ILogger<PortkeyOptionsValidator> logger) : IValidateOptions<IntegrationLayerOptions>
{
    private const string Section = "IntegrationLayer:Portkey";

    public ValidateOptionsResult Validate(string? name, IntegrationLayerOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (options.Portkey is not { Endpoint: not null } portkey)
        {
            // The check of each setting by itself reports it.
            return ValidateOptionsResult.Skip;
        }

        CheckEndpoints(portkey, errors);
        (string Setting, PortkeyOptions Options)[] gateways = portkey.Endpoints.Count == 0
            ? [($"{Section}:Endpoint", portkey)]
            : [.. portkey.Endpoints.Index().Where(e => e.Item.Address is not null).Select(e => ($"{Section}:Endpoints:{e.Index}:Address", portkey.For(e.Item)))];
        foreach ((string setting, PortkeyOptions gateway) in gateways)
        {
            CheckAddress(setting, gateway, errors);
            if (gateway.IsHosted && string.IsNullOrWhiteSpace(gateway.ApiKey))
            {
                errors.AddError($"Set the Portkey API key: options.Portkey.ApiKey, or {Section}:ApiKey in the configuration. For a gateway of your own, set Portkey:Endpoint.");
            }
        }

        CheckAccounts(options, [.. gateways.Select(gateway => gateway.Options)], errors);
        return errors.Build();
    }

    private static void CheckEndpoints(PortkeyOptions portkey, ValidateOptionsResultBuilder errors)
    {
        if (portkey.Endpoints.Count > 0 && portkey.HasOwnEndpoint)
        {
            errors.AddError($"{Section}:Endpoint is '{portkey.Endpoint}', and there are {Section}:Endpoints. Set one or the other.");
        }

        if (portkey.Endpoints.Count > PortkeyOptions.MostEndpoints)
        {
            errors.AddError($"{Section}:Endpoints has {portkey.Endpoints.Count} entries. Set at most {PortkeyOptions.MostEndpoints}.");
        }

        for (int i = 0; i < portkey.Endpoints.Count; i++)
        {
            string setting = $"{Section}:Endpoints:{i}";
            if (portkey.Endpoints[i].Address is null)
            {
                errors.AddError($"{setting}:Address is missing. Set it to the gateway's address, such as http://gateway-1:8787/v1/.");
            }
            else if (portkey.Endpoints.Take(i).Any(other => string.Equals(other.EffectiveName, portkey.Endpoints[i].EffectiveName, StringComparison.OrdinalIgnoreCase)))
            {
                errors.AddError($"{setting} has the name '{portkey.Endpoints[i].EffectiveName}' of another endpoint. Give each a Name of its own.");
            }
        }
    }

    // An account must be fit for every gateway: any of them may be called.
    private void CheckAccounts(IntegrationLayerOptions options, PortkeyOptions[] gateways, ValidateOptionsResultBuilder errors)
    {
        foreach ((string account, AccountOptions settings) in options.Accounts.Where(a => !string.IsNullOrWhiteSpace(a.Value.Provider)))
        {
            ProviderAccount provider = settings.ToAccount(account);
            foreach (string error in gateways.SelectMany(gateway => PortkeyAccountRules.Check(provider, gateway)).Distinct())
            {
                errors.AddError(error);
            }

            foreach (string warning in gateways.SelectMany(gateway => PortkeyAccountRules.Warn(provider, gateway)).Distinct())
            {
                LogWarning(warning);
            }
        }
    }

    private void CheckAddress(string setting, PortkeyOptions gateway, ValidateOptionsResultBuilder errors)
    {
        Uri address = gateway.Endpoint;
        string shown = SafeAddress.Of(address);
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https"))
        {
            errors.AddError($"{setting} is '{shown}'; it must be an absolute address such as https://api.portkey.ai/v1/ or http://localhost:8787/v1/.");
        }
        else if (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            errors.AddError($"{setting} ({shown}) holds a user name, a query or a fragment, which would not be sent. Put a credential into ApiKey.");
        }
        else if (address.Scheme == "http" && gateway.IsHosted && !address.IsLoopback)
        {
            errors.AddError($"{setting} is '{shown}': keys and prompts would travel unencrypted to hosted Portkey. Use https.");
        }
        else if (address.AbsolutePath.TrimEnd('/').EndsWith("/chat/completions", StringComparison.OrdinalIgnoreCase))
        {
            errors.AddError($"{setting} is '{shown}'; leave out chat/completions, which the SDK adds.");
        }
        else if (!address.Segments.Any(IsVersion))
        {
            LogWarning($"{setting} is '{shown}', without a version. Portkey's gateways answer under /v1/: calls elsewhere end in 404 unless a proxy adds it.");
        }
    }

    private static bool IsVersion(string segment) => segment is ['v' or 'V', var digit, ..] && char.IsAsciiDigit(digit);

    [LoggerMessage(1003, LogLevel.Warning, "{Warning}")]
    private partial void LogWarning(string warning);
}
