namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>Tags as a JSON object.</summary>
internal static class TagText
{
    /// <summary>Writes the tags; <see langword="null"/> if there are none.</summary>
    public static string? Of(IReadOnlyDictionary<string, string> tags)
    {
        if (tags.Count == 0)
        {
            return null;
        }

        using var json = new JsonText();
        json.Writer.WriteStartObject();
        foreach ((string key, string value) in tags)
        {
            json.Writer.WriteString(key, value);
        }

        json.Writer.WriteEndObject();
        return json.ToString();
    }
}
