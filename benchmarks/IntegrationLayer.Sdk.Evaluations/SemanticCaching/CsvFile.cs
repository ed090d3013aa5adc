using System.IO.Compression;
using System.Text;

namespace IntegrationLayer.Sdk.Evaluations.SemanticCaching;

/// <summary>Reads compressed CSV files: commas, quotation marks doubled inside quotation marks, the first row names the columns.</summary>
internal static class CsvFile
{
    /// <summary>Reads the rows, each as its values by column.</summary>
    public static List<Dictionary<string, string>> Read(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), Encoding.UTF8);
        List<List<string>> rows = Split(reader.ReadToEnd());
        List<string> columns = rows[0];
        return [.. rows.Skip(1).Select(r => columns.Zip(r).ToDictionary(static p => p.First, static p => p.Second))];
    }

    private static List<List<string>> Split(string text)
    {
        var rows = new List<List<string>>();
        var row = new List<string>();
        var value = new StringBuilder();
        bool isQuoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (isQuoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"')
            {
                value.Append(c);
                i++;
            }
            else if (c == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (isQuoted || c is not (',' or '\n' or '\r'))
            {
                value.Append(c);
            }
            else if (c != '\r')
            {
                row.Add(value.ToString());
                value.Clear();
                if (c == '\n')
                {
                    rows.Add(row);
                    row = [];
                }
            }
        }

        if (row.Count > 0 || value.Length > 0)
        {
            row.Add(value.ToString());
            rows.Add(row);
        }

        return rows;
    }
}
