namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>Texts as databases can hold them.</summary>
internal static class StorableText
{
    /// <summary>Replaces the NUL, which PostgreSQL refuses, by U+FFFD.</summary>
    public static string Of(string text) => text.Replace('\0', '\uFFFD');
}
