using System.Buffers;

namespace IntegrationLayer.Sdk.Usage;

/// <summary>Lines of comma-separated values.</summary>
internal static class CsvLine
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    public static void Write(TextWriter writer, IReadOnlyList<string> values)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (i > 0)
            {
                writer.Write(',');
            }

            writer.Write(values[i].AsSpan().ContainsAny(Special) ? $"\"{values[i].Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : values[i]);
        }

        writer.Write("\r\n");
    }

    /// <summary>Keeps a spreadsheet from taking a name for a formula.</summary>
    public static string Harmless(string name) => name.Length > 0 && name[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? $"'{name}" : name;
}
