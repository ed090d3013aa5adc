using System.Text.Json;

namespace IntegrationLayer.Sdk.CatalogueTool.Sources;

/// <summary>Finds a data literal in JavaScript source and turns it into JSON. Nothing is executed.</summary>
/// <remarks>
/// Knows what bundlers write into data: objects, arrays, the three kinds of quotes (no template expressions), numbers such as <c>2e5</c>,
/// <c>!0</c>, <c>!1</c>, <c>void 0</c>, trailing commas and comments. Anything else, such as a call or a name, ends the attempt.
/// </remarks>
internal static class JsLiteral
{
    /// <summary>Finds the first array assigned to a name whose elements satisfy a condition.</summary>
    /// <param name="source">The source code.</param>
    /// <param name="accept">Says whether it is the array looked for.</param>
    /// <exception cref="FormatException">There is none.</exception>
    public static JsonDocument FindArray(string source, Func<JsonElement, bool> accept)
    {
        for (int at = source.IndexOf('[', StringComparison.Ordinal); at >= 0; at = source.IndexOf('[', at + 1))
        {
            if (!IsAssigned(source, at))
            {
                continue;
            }

            using MemoryStream json = new();
            using (Utf8JsonWriter writer = new(json))
            {
                if (!new JsLiteralReader(source, at).TryWrite(writer))
                {
                    continue;
                }
            }

            JsonDocument document = JsonDocument.Parse(json.GetBuffer().AsMemory(0, (int)json.Length).ToArray());
            if (accept(document.RootElement))
            {
                return document;
            }

            document.Dispose();
        }

        throw new FormatException("No array literal of the expected shape is in the source. The package's layout has changed: use the pinned version.");
    }

    private static bool IsAssigned(string source, int at)
    {
        int before = at - 1;
        while (before >= 0 && char.IsWhiteSpace(source[before]))
        {
            before--;
        }

        return before > 0 && source[before] == '=' && source[before - 1] is not ('=' or '!' or '<' or '>');
    }
}
