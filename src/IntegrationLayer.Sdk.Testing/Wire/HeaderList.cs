namespace IntegrationLayer.Sdk.Testing.Wire;

/// <summary>Headers that a script sets.</summary>
internal static class HeaderList
{
    /// <summary>Refuses what no HTTP stack would send.</summary>
    public static void Require(string name, string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(value);
        if (!value.All(letter => letter is >= ' ' and <= '~'))
        {
            throw new ArgumentException($"The value of header {name} may hold printable ASCII characters only.", nameof(value));
        }

        if (name.StartsWith("content-", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"{name} follows from the body. FakePortkeyError.Raw sets a content type.", nameof(name));
        }
    }

    /// <summary>Adds headers, replacing those of the same name.</summary>
    public static void Set(List<KeyValuePair<string, string>> headers, IReadOnlyList<KeyValuePair<string, string>> own)
    {
        headers.RemoveAll(header => own.Any(mine => string.Equals(mine.Key, header.Key, StringComparison.OrdinalIgnoreCase)));
        headers.AddRange(own);
    }
}
