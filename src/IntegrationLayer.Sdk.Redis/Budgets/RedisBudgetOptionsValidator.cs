using IntegrationLayer.Sdk.Budgets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>Checks the settings, and that there is something to rebuild lost budgets from.</summary>
internal sealed class RedisBudgetOptionsValidator(IServiceProviderIsService services) : IValidateOptions<RedisBudgetOptions>
{
    private const string Name = nameof(RedisBudgetOptions);

    public ValidateOptionsResult Validate(string? name, RedisBudgetOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (!Enum.IsDefined(options.Mode))
        {
            errors.AddError($"{Name}.Mode is {options.Mode}; set it to {string.Join(", ", Enum.GetNames<RedisBudgetMode>())}.");
        }

        if (!Enum.IsDefined(options.Unknown))
        {
            errors.AddError($"{Name}.Unknown is {options.Unknown}; set it to {string.Join(", ", Enum.GetNames<UnknownBudgetPolicy>())}.");
        }
        else if (options.Unknown is UnknownBudgetPolicy.Rebuild && !services.IsService(typeof(IBudgetHistory)))
        {
            errors.AddError(
                $"{Name}.Unknown is Rebuild, but nothing knows what was used: a Redis without its data would deny every request. Register an IBudgetHistory, " +
                $"or set {Name}.Unknown to AssumeUnspent, which lets every budget be spent once more whenever Redis loses its data.");
        }

        CheckTime(errors, nameof(options.Timeout), options.Timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        CheckTime(errors, nameof(options.RebuildDelay), options.RebuildDelay, TimeSpan.Zero, TimeSpan.FromHours(1));
        CheckTime(errors, nameof(options.LeaseDuration), options.LeaseDuration, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1));
        if (options is { Mode: RedisBudgetMode.Lease, Unknown: UnknownBudgetPolicy.Rebuild } && options.LeaseDuration >= options.RebuildDelay)
        {
            errors.AddError(
                $"{Name}.LeaseDuration is {options.LeaseDuration}, not shorter than {Name}.RebuildDelay, {options.RebuildDelay}: budgets would be rebuilt while processes " +
                "still spend leases that a lost Redis gave them. Set a longer RebuildDelay, or a shorter LeaseDuration.");
        }

        CheckShare(errors, nameof(options.OpenAllowance), options.OpenAllowance, 0);
        return errors.Build();
    }

    private static void CheckTime(ValidateOptionsResultBuilder errors, string setting, TimeSpan value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most)
        {
            errors.AddError($"{Name}.{setting} is {value}; set it from {least} to {most}.");
        }
    }

    private static void CheckShare(ValidateOptionsResultBuilder errors, string setting, decimal value, decimal least)
    {
        if (value < least || value > 1)
        {
            errors.AddError(FormattableString.Invariant($"{Name}.{setting} is {value}; set it from {least} to 1."));
        }
    }
}
