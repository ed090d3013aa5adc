using System.Globalization;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Analytics;

/// <summary>Checks the settings of the durable usage store, all at once.</summary>
internal sealed class AnalyticsOptionsValidator : IValidateOptions<AnalyticsOptions>
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3_650);

    public ValidateOptionsResult Validate(string? name, AnalyticsOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        Check(nameof(AnalyticsOptions.QueueCapacity), options.QueueCapacity, 1, 1_000_000);
        Check(nameof(AnalyticsOptions.MaxJournalBytes), options.MaxJournalBytes, 1L << 20, 1L << 40);
        Check(nameof(AnalyticsOptions.StoreInterval), options.StoreInterval, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10));
        Check(nameof(AnalyticsOptions.KeepRecords), options.KeepRecords, Day, Longest);
        Check(nameof(AnalyticsOptions.KeepMinutes), options.KeepMinutes, Day, Longest);
        Check(nameof(AnalyticsOptions.KeepHours), options.KeepHours, Day, Longest);
        Check(nameof(AnalyticsOptions.KeepDays), options.KeepDays, Day, Longest);
        Check(nameof(AnalyticsOptions.CommandTimeout), options.CommandTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        if (options.JournalPath is { } path && string.IsNullOrWhiteSpace(path))
        {
            errors.AddError("AnalyticsOptions.JournalPath is blank. Set it to a folder that outlives the process, or leave it out.");
        }

        if (options.KeepDays < options.KeepHours || options.KeepHours < options.KeepMinutes)
        {
            errors.AddError(string.Create(
                CultureInfo.InvariantCulture,
                $"AnalyticsOptions keeps minutes for {options.KeepMinutes.TotalDays} days, hours for {options.KeepHours.TotalDays} and days for {options.KeepDays.TotalDays}: longer times must be kept at least as long as shorter ones. Raise KeepHours or KeepDays."));
        }

        return errors.Build();

        void Check<T>(string setting, T value, T least, T most)
            where T : IComparable<T>, IFormattable
        {
            if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            {
                errors.AddError(string.Create(CultureInfo.InvariantCulture, $"AnalyticsOptions.{setting} is {value}; set it from {least} to {most}."));
            }
        }
    }
}
