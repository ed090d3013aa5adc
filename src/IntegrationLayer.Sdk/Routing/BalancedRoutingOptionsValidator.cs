using System.Globalization;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Routing;

/// <summary>Checks that the weights can order deployments: a weight that is no number, or all of them zero, would make every score alike or none usable.</summary>
internal sealed class BalancedRoutingOptionsValidator : IValidateOptions<BalancedRoutingOptions>
{
    public ValidateOptionsResult Validate(string? name, BalancedRoutingOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        foreach ((string setting, double weight) in (ReadOnlySpan<(string, double)>)[("Cost", options.Cost), ("Quality", options.Quality), ("Latency", options.Latency)])
        {
            if (!double.IsFinite(weight) || weight < 0)
            {
                errors.AddError($"BalancedRoutingOptions.{setting} is {weight.ToString(CultureInfo.InvariantCulture)}; set it to a finite number of zero or more.");
            }
        }

        if (options is { Cost: 0, Quality: 0, Latency: 0 })
        {
            errors.AddError("BalancedRoutingOptions.Cost, Quality and Latency are all 0; set at least one of them over zero.");
        }

        return errors.Build();
    }
}
