using System.Globalization;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>Checks the settings of retries.</summary>
internal sealed class RetryOptionsValidator : IValidateOptions<IntegrationLayerOptions>
{
    private const string Section = "IntegrationLayer:Resilience:Retries";

    public ValidateOptionsResult Validate(string? name, IntegrationLayerOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (options.Resilience is { Retries: null })
        {
            errors.AddError($"{Section} is null. Leave it as it is made, and set its properties.");
        }
        else if (options.Resilience is { Retries: { } retries })
        {
            Check("MaxReplays", retries.MaxReplays is >= 0 and <= 10, retries.MaxReplays, "from 0 to 10");
            Check("BaseDelay", retries.BaseDelay >= TimeSpan.Zero && retries.BaseDelay <= TimeSpan.FromMinutes(1), retries.BaseDelay, "from 0 to 1 minute");
            Check("MaxDelay", retries.MaxDelay >= retries.BaseDelay && retries.MaxDelay <= TimeSpan.FromMinutes(10), retries.MaxDelay, "from BaseDelay to 10 minutes");
            Check("MaxRetryAfter", retries.MaxRetryAfter >= TimeSpan.Zero && retries.MaxRetryAfter <= TimeSpan.FromHours(1), retries.MaxRetryAfter, "from 0 to 1 hour");
            Check("BudgetRatio", retries.BudgetRatio is >= 0 and <= 10, retries.BudgetRatio, "from 0 to 10");
            Check("BudgetPerSecond", retries.BudgetPerSecond is >= 0 and <= 100_000, retries.BudgetPerSecond, "from 0 to 100000");
        }

        return errors.Build();

        void Check<T>(string setting, bool isGood, T value, string range)
            where T : IFormattable
        {
            if (!isGood)
            {
                errors.AddError($"{Section}:{setting} is {value.ToString(null, CultureInfo.InvariantCulture)}; set it {range}.");
            }
        }
    }
}
