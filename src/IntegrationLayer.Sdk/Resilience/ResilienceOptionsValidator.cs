using System.Globalization;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>Checks what to do when nobody is available.</summary>
internal sealed class ResilienceOptionsValidator : IValidateOptions<IntegrationLayerOptions>
{
    private const string Section = "IntegrationLayer:Resilience";
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, IntegrationLayerOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (options.Resilience is not { } resilience)
        {
            errors.AddError($"{Section} is null. Leave it as it is made, and set its properties.");
            return errors.Build();
        }

        if (!Enum.IsDefined(resilience.AllUnavailable))
        {
            errors.AddError($"{Section}:AllUnavailable is {resilience.AllUnavailable}; set it to {string.Join(", ", Enum.GetNames<AllUnavailablePolicy>())}.");
        }

        if (!(resilience.MaxWaitShare is >= 0 and <= 1))
        {
            errors.AddError($"{Section}:MaxWaitShare is {resilience.MaxWaitShare.ToString(CultureInfo.InvariantCulture)}; set it from 0 to 1.");
        }

        if (resilience.MaxWait < TimeSpan.Zero || resilience.MaxWait > LongestWait)
        {
            errors.AddError($"{Section}:MaxWait is {resilience.MaxWait}; set it from {TimeSpan.Zero} to {LongestWait}.");
        }

        return errors.Build();
    }
}
