using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>Checks the times that the SDK waits for providers: the general ones, and those of single deployments.</summary>
internal sealed class TimeoutOptionsValidator : IValidateOptions<IntegrationLayerOptions>
{
    private const string Section = "IntegrationLayer:Resilience:Timeouts";
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Most = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, IntegrationLayerOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (options.Resilience is { Timeouts: null })
        {
            errors.AddError($"{Section} is null. Leave it as it is made, and set its properties.");
        }
        else if (options.Resilience is { Timeouts: { } timeouts })
        {
            Check(errors, $"{Section}:Attempt", timeouts.Attempt);
            Check(errors, $"{Section}:FirstToken", timeouts.FirstToken);
            Check(errors, $"{Section}:ReasoningFirstToken", timeouts.ReasoningFirstToken);
            Check(errors, $"{Section}:Stall", timeouts.Stall);
            Check(errors, $"{Section}:Consumer", timeouts.Consumer);
            if (timeouts.MinCharactersPerSecond is < 1 or > 100_000)
            {
                errors.AddError($"{Section}:MinCharactersPerSecond is {timeouts.MinCharactersPerSecond}; set it from 1 to 100000, or leave it out.");
            }
        }

        for (int i = 0; i < options.Deployments.Count; i++)
        {
            Check(errors, $"IntegrationLayer:Deployments:{i}:AttemptTimeout", options.Deployments[i].AttemptTimeout);
            Check(errors, $"IntegrationLayer:Deployments:{i}:FirstTokenTimeout", options.Deployments[i].FirstTokenTimeout);
            Check(errors, $"IntegrationLayer:Deployments:{i}:StallTimeout", options.Deployments[i].StallTimeout);
        }

        return errors.Build();
    }

    private static void Check(ValidateOptionsResultBuilder errors, string setting, TimeSpan? value)
    {
        if (value < Least || value > Most)
        {
            errors.AddError($"{setting} is {value}; set it from {Least} to {Most}.");
        }
    }
}
