using System.Collections.Frozen;
using System.Globalization;

namespace IntegrationLayer.Sdk.Configuration;

/// <summary>What a place in the configuration may hold: a value, a list, entries under free names, or settings of known names.</summary>
internal sealed class SettingShape
{
    private const NumberStyles Real = NumberStyles.Float;

    private SettingShape()
    {
    }

    /// <summary>Any text. It may be a secret, so no error ever quotes it.</summary>
    public static SettingShape Text { get; } = Value(static _ => null);

    public static SettingShape Flag { get; } = Value(static v => bool.TryParse(v, out _) ? null : $"is '{v}'; set it to true or false");

    public static SettingShape Integer { get; } =
        Value(static v => int.TryParse(v, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? null : $"is '{v}'; set it to a whole number");

    public static SettingShape Amount { get; } = Value(static v => decimal.TryParse(v, Real, CultureInfo.InvariantCulture, out _) ? null : $"is '{v}'; set it to a number such as 0.15");

    public static SettingShape Number { get; } = Value(static v => double.TryParse(v, Real, CultureInfo.InvariantCulture, out _) ? null : $"is '{v}'; set it to a number such as 0.5");

    public static SettingShape Duration { get; } = Value(ProblemOfDuration);

    public static SettingShape Address { get; } =
        Value(static v => Uri.TryCreate(v, UriKind.RelativeOrAbsolute, out _) ? null : "is no address; set it to one such as https://api.portkey.ai/v1/");

    /// <summary>Gets the settings by name, if their names are fixed.</summary>
    public FrozenDictionary<string, SettingShape>? Settings { get; private init; }

    /// <summary>Gets the shape of every entry of a list, or under every free name.</summary>
    public SettingShape? Entry { get; private init; }

    /// <summary>Gets a value indicating whether it is a list.</summary>
    public bool IsList { get; private init; }

    /// <summary>Gets what says why a text is no value for it; <see langword="null"/> unless it is a single value.</summary>
    public Func<string, string?>? Problem { get; private init; }

    public static SettingShape Choice<T>()
        where T : struct, Enum
    {
        // Names may be combined where the type allows it; a number that means nothing is as wrong as a word.
        bool isOne(string v) => Enum.TryParse(v, ignoreCase: true, out T value) && (v.Contains(',', StringComparison.Ordinal) || Enum.IsDefined(value));
        return Value(v => isOne(v) ? null : $"is '{v}'; set it to {string.Join(", ", Enum.GetNames<T>())}");
    }

    public static SettingShape ListOf(SettingShape entry) => new() { Entry = entry, IsList = true };

    public static SettingShape NamesOf(SettingShape entry) => new() { Entry = entry };

    public static SettingShape Of(Dictionary<string, SettingShape> settings) => new() { Settings = settings.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase) };

    private static SettingShape Value(Func<string, string?> problem) => new() { Problem = problem };

    private static string? ProblemOfDuration(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int days) && days > 0
            ? $"is '{text}', which means {days} days; for {days} seconds write {TimeSpan.FromSeconds(days)}"
            : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _) ? null : $"is '{text}'; write hours:minutes:seconds, such as 00:00:30 for 30 seconds";
}
