using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Configuration;

/// <summary>Checks the settings of telemetry.</summary>
internal sealed class TelemetryOptionsValidator : IValidateOptions<IntegrationLayerOptions>
{
    private const string Section = "IntegrationLayer:Telemetry";
    private const int MostTenants = 20;
    private const int MostBudgets = 100;

    public ValidateOptionsResult Validate(string? name, IntegrationLayerOptions options)
    {
        if (options.Telemetry is not { } telemetry)
        {
            return ValidateOptionsResult.Fail($"{Section} is null. Leave it as it is made, and set its properties.");
        }

        var errors = new ValidateOptionsResultBuilder();
        if (!Enum.IsDefined(telemetry.Level))
        {
            errors.AddError($"{Section}:Level is {(int)telemetry.Level}. Set it to Minimal, Standard or Full.");
        }

        Check(errors, $"{Section}:Tenants", telemetry.Tenants, MostTenants);
        Check(errors, $"{Section}:Budgets", telemetry.Budgets, MostBudgets);
        return errors.Build();
    }

    // Each name is a time series of its own for as long as the process lives.
    private static void Check(ValidateOptionsResultBuilder errors, string place, IList<string> names, int most)
    {
        if (names.Count > most)
        {
            errors.AddError(FormattableString.Invariant($"{place} lists {names.Count} names. List at most {most}: each is a time series of its own."));
        }

        if (names.Any(string.IsNullOrWhiteSpace))
        {
            errors.AddError($"{place} lists an empty name. Take it out, or give it one.");
        }
    }
}
