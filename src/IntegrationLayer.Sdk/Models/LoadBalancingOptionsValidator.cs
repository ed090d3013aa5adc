using System.Globalization;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Models;

/// <summary>Checks the numbers by which load is spread.</summary>
internal sealed class LoadBalancingOptionsValidator : IValidateOptions<IntegrationLayerOptions>
{
    private const string Section = "IntegrationLayer:LoadBalancing";
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public ValidateOptionsResult Validate(string? name, IntegrationLayerOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (options.LoadBalancing is not { } balancing)
        {
            errors.AddError($"{Section} is null. Leave it as it is made, and set its properties.");
            return errors.Build();
        }

        Check("FirstTokenSeed", balancing.FirstTokenSeed, TimeSpan.FromMilliseconds(1), Longest);
        Check("TokenSeed", balancing.TokenSeed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Check("Memory", balancing.Memory, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Check("MaxPenalty", balancing.MaxPenalty, TimeSpan.FromMilliseconds(1), Longest);
        if (!(balancing.MaxAffinityLoad is >= 1 and <= 100))
        {
            errors.AddError($"{Section}:MaxAffinityLoad is {balancing.MaxAffinityLoad.ToString(CultureInfo.InvariantCulture)}; set it from 1 to 100.");
        }

        if (balancing.MinAffinityCalls is < 1 or > 1_000_000)
        {
            errors.AddError($"{Section}:MinAffinityCalls is {balancing.MinAffinityCalls}; set it from 1 to 1000000.");
        }

        return errors.Build();

        void Check(string setting, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most)
            {
                errors.AddError($"{Section}:{setting} is {value}; set it from {least} to {most}.");
            }
        }
    }
}
