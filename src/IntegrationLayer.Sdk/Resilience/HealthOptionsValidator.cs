using System.Globalization;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>Checks the numbers of health, each by itself and those that bound one another.</summary>
internal sealed class HealthOptionsValidator : IValidateOptions<IntegrationLayerOptions>
{
    private const string Section = "IntegrationLayer:Resilience";
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    public ValidateOptionsResult Validate(string? name, IntegrationLayerOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (options.Resilience is null)
        {
            return ValidateOptionsResult.Skip;
        }

        Check(options.Resilience.Health, $"{Section}:Health", errors);
        return errors.Build();
    }

    /// <summary>Checks the numbers that stand in one section.</summary>
    public static void Check(HealthOptions? health, string section, ValidateOptionsResultBuilder errors)
    {
        if (health is null)
        {
            errors.AddError($"{section} is null. Leave it as it is made, and set its properties.");
            return;
        }

        CheckCounts(health, section, errors);
        CheckTimes(health, section, errors);
        CheckShares(health, section, errors);
    }

    private static void CheckCounts(HealthOptions health, string section, ValidateOptionsResultBuilder errors)
    {
        Check("MinimumCalls", health.MinimumCalls);
        Check("ConsecutiveFailures", health.ConsecutiveFailures);
        Check("ConsecutiveTruncations", health.ConsecutiveTruncations);
        Check("RecoveryStepCalls", health.RecoveryStepCalls);
        Check("TrialCalls", health.TrialCalls, 1_000);

        void Check(string setting, int value, int most = 100_000)
        {
            if (value < 1 || value > most)
            {
                errors.AddError($"{section}:{setting} is {value}; set it from 1 to {most}.");
            }
        }
    }

    private static void CheckTimes(HealthOptions health, string section, ValidateOptionsResultBuilder errors)
    {
        Check("Window", health.Window, TimeSpan.FromSeconds(1), Hour);
        Check("Pause", health.Pause, TimeSpan.FromMilliseconds(10), Hour);
        Check("MaxPause", health.MaxPause, health.Pause, Day);
        Check("RecoveryStep", health.RecoveryStep, TimeSpan.FromMilliseconds(10), Hour);
        Check("Forgiveness", health.Forgiveness, TimeSpan.FromSeconds(1), Day);
        Check("MinRateLimitRest", health.MinRateLimitRest, TimeSpan.Zero, Hour);
        Check("RateLimitRest", health.RateLimitRest, TimeSpan.FromMilliseconds(10), Hour);
        Check("MaxRateLimitRest", health.MaxRateLimitRest, health.RateLimitRest, Day);
        Check("QuotaRest", health.QuotaRest, TimeSpan.FromSeconds(1), Day);
        Check("MaxQuotaRest", health.MaxQuotaRest, health.QuotaRest, Month);
        Check("MinTimeout", health.MinTimeout, TimeSpan.Zero, Hour);
        if (health.CredentialRest != Timeout.InfiniteTimeSpan)
        {
            Check("CredentialRest", health.CredentialRest, TimeSpan.FromSeconds(1), Month);
        }

        void Check(string setting, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most)
            {
                errors.AddError($"{section}:{setting} is {value}; set it from {least} to {most}.");
            }
        }
    }

    // NaN fails every comparison, so it is refused too.
    private static void CheckShares(HealthOptions health, string section, ValidateOptionsResultBuilder errors)
    {
        Check("OpenRatio", health.OpenRatio, health.OpenRatio is > 0 and <= 1, "over 0, up to 1");
        Check("DegradedRatio", health.DegradedRatio, health.DegradedRatio > 0 && health.DegradedRatio <= health.OpenRatio, "over 0, up to OpenRatio");
        Check("DegradedShare", health.DegradedShare, health.DegradedShare is > 0 and <= 1, "over 0, up to 1");
        Check("Jitter", health.Jitter, health.Jitter is >= 0 and <= 0.5, "from 0 to 0.5");
        double before = 0;
        for (int i = 0; i < health.RecoveryShares.Count; i++)
        {
            double share = health.RecoveryShares[i];
            Check($"RecoveryShares:{i}", share, share > before && share < 1, "over 0 and under 1, each larger than the one before");
            before = share;
        }

        void Check(string setting, double value, bool isGood, string range)
        {
            if (!isGood)
            {
                errors.AddError($"{section}:{setting} is {value.ToString(CultureInfo.InvariantCulture)}; set it {range}.");
            }
        }
    }
}
