using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Configuration;

/// <summary>Reports what the binder passes over or stops at: keys that no setting has, and values that can't be read.</summary>
/// <param name="configuration">What the options are bound to.</param>
/// <param name="others">Keys that other parts of the SDK read.</param>
internal sealed class ConfigurationKeyValidator(IConfiguration configuration, IEnumerable<KnownConfigurationSection> others)
    : IConfigureOptions<IntegrationLayerOptions>, IValidateOptions<IntegrationLayerOptions>
{
    private readonly HashSet<string> _others = new(others.Select(o => o.Name), StringComparer.OrdinalIgnoreCase);

    /// <summary>Comes before the binder, which stops at the first value that it can't read: all of them are reported, and the unknown keys with them.</summary>
    /// <exception cref="OptionsValidationException">Some value can't be read.</exception>
    public void Configure(IntegrationLayerOptions options)
    {
        (List<string> unknown, List<string> unreadable) = Check();
        if (unreadable.Count > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(IntegrationLayerOptions), [.. unreadable, .. unknown]);
        }
    }

    public ValidateOptionsResult Validate(string? name, IntegrationLayerOptions options)
    {
        (List<string> unknown, _) = Check();
        return unknown.Count > 0 ? ValidateOptionsResult.Fail(unknown) : ValidateOptionsResult.Success;
    }

    private (List<string> Unknown, List<string> Unreadable) Check()
    {
        var found = (Unknown: new List<string>(), Unreadable: new List<string>());
        foreach (IConfigurationSection child in configuration.GetChildren())
        {
            if (KnownSettings.Root.Settings!.TryGetValue(child.Key, out SettingShape? shape))
            {
                Check(child, shape, found);
            }
            else if (configuration is IConfigurationSection && !_others.Contains(child.Key))
            {
                // A whole configuration holds everybody's keys; a section is the SDK's own.
                found.Unknown.Add(Unknown(child, KnownSettings.Root.Settings.Keys.Concat(_others)));
            }
        }

        return found;
    }

    private static void Check(IConfigurationSection section, SettingShape shape, (List<string> Unknown, List<string> Unreadable) found)
    {
        bool isSingle = !string.IsNullOrEmpty(section.Value);
        if (shape.Problem is { } problemOf)
        {
            if (isSingle && problemOf(section.Value!) is { } problem)
            {
                found.Unreadable.Add($"{section.Path} {problem}.");
            }
            else if (!isSingle && section.GetChildren().Any())
            {
                found.Unreadable.Add($"{section.Path} holds several values; give it one.");
            }
        }
        else if (isSingle)
        {
            found.Unreadable.Add(!shape.IsList ? $"{section.Path} is a single value; it must hold settings: {{ ... }}."
                : shape.Entry!.Problem is null ? $"{section.Path} must be a list of settings: [ {{ ... }} ]."
                : $"{section.Path} must be a list: [ \"{section.Value}\" ].");
        }
        else
        {
            CheckChildren(section, shape, found);
        }
    }

    private static void CheckChildren(IConfigurationSection section, SettingShape shape, (List<string> Unknown, List<string> Unreadable) found)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (shape.Entry is { } entry)
            {
                Check(child, entry, found);
            }
            else if (shape.Settings!.TryGetValue(child.Key, out SettingShape? setting))
            {
                Check(child, setting, found);
            }
            else
            {
                found.Unknown.Add(Unknown(child, shape.Settings.Keys));
            }
        }
    }

    private static string Unknown(IConfigurationSection section, IEnumerable<string> known) =>
        $"{section.Path} is no setting of the SDK. {NearNames.Suggest(section.Key, known)}";
}
