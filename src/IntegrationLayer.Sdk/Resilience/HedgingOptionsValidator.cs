using System.Globalization;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>Checks the settings of hedging.</summary>
internal sealed class HedgingOptionsValidator : IValidateOptions<IntegrationLayerOptions>
{
    private const string Section = "IntegrationLayer:Resilience:Hedging";
    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(10);

    public ValidateOptionsResult Validate(string? name, IntegrationLayerOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (options.Resilience is { Hedging: null })
        {
            errors.AddError($"{Section} is null. Leave it as it is made, and set its properties.");
        }
        else if (options.Resilience is { Hedging: { } hedging })
        {
            if (hedging.Delay < ShortestDelay || hedging.Delay > LongestDelay)
            {
                errors.AddError($"{Section}:Delay is {hedging.Delay}; set it from {ShortestDelay} to {LongestDelay}.");
            }

            if (!(hedging.MaxShare is > 0 and <= 0.05))
            {
                errors.AddError($"{Section}:MaxShare is {hedging.MaxShare.ToString(CultureInfo.InvariantCulture)}; set it over 0 to 0.05.");
            }
        }

        return errors.Build();
    }
}
