namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>An attribute of instruments: its name, and how many values it can have.</summary>
/// <param name="Name">The name.</param>
/// <param name="Maximum">The most values that it takes, <c>other</c> included.</param>
/// <param name="Values">The values, or what they are.</param>
internal sealed record AttributeSpec(string Name, int Maximum, string Values)
{
    /// <summary>What everything beyond the maximum is counted as.</summary>
    public const string Other = "other";

    /// <summary>How many sets an attribute may add to those within the limit: with everything that was counted as <see cref="Other"/>.</summary>
    public const int Overflow = 60;

    /// <summary>Declares an attribute whose values are all known.</summary>
    public static AttributeSpec Closed(string name, params string[] values) => new(name, values.Length, string.Join(", ", values.Select(static v => $"`{v}`")));

    /// <summary>Declares an attribute whose values come from the configuration or from requests: the first ones are taken, all others are <c>other</c>.</summary>
    public static AttributeSpec Open(string name, int maximum, string values) => new(name, maximum, values);
}
