namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>The closed set of values of the attribute <c>error.type</c>.</summary>
internal static class LlmErrorTypes
{
    private static readonly string[] Names = [.. Enum.GetNames<LlmErrorClass>().Select(ToSnakeCase)];

    /// <summary>Gets the name of an error class in snake case, such as <c>rate_limited</c>.</summary>
    public static string NameOf(LlmErrorClass error) => Names[(int)error];

    private static string ToSnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? $"{(i == 0 ? "" : "_")}{char.ToLowerInvariant(c)}" : c.ToString()));
}
