using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>Checks the limits and the health of gateways.</summary>
internal sealed class GatewayPoolOptionsValidator : IValidateOptions<IntegrationLayerOptions>
{
    private const string Section = "IntegrationLayer:Resilience:Gateways";
    private const int MostCalls = 1_000_000;

    public ValidateOptionsResult Validate(string? name, IntegrationLayerOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (options.Resilience is null)
        {
            // Said by the check of health.
            return ValidateOptionsResult.Skip;
        }

        if (options.Resilience.Gateways is not { } gateways)
        {
            errors.AddError($"{Section} is null. Leave it as it is made, and set its properties.");
            return errors.Build();
        }

        Check("MaxConcurrentCalls", gateways.MaxConcurrentCalls, 1);
        Check("MaxQueuedCalls", gateways.MaxQueuedCalls, 0);
        HealthOptionsValidator.Check(gateways.Health, $"{Section}:Health", errors);
        return errors.Build();

        void Check(string setting, int value, int least)
        {
            if (value < least || value > MostCalls)
            {
                errors.AddError($"{Section}:{setting} is {value}; set it from {least} to {MostCalls}.");
            }
        }
    }
}
