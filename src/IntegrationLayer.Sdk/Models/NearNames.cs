namespace IntegrationLayer.Sdk.Models;

/// <summary>Finds what somebody may have meant by a name that doesn't exist.</summary>
internal static class NearNames
{
    // How many names an error lists.
    private const int Most = 10;

    // Beyond it a name is no misspelling worth comparing.
    private const int MaxLength = 128;

    /// <summary>Orders names by how like they are to a wrong one, the likest first; equally like ones by name.</summary>
    public static IEnumerable<string> Order(string wrong, IEnumerable<string> known) =>
        known.Distinct(StringComparer.OrdinalIgnoreCase).OrderBy(name => Distance(Fold(wrong), Fold(name))).ThenBy(name => name, StringComparer.Ordinal);

    /// <summary>Lists the likest names, at most ten of them, and says how many more there are.</summary>
    public static string List(string wrong, IEnumerable<string> known)
    {
        string[] ordered = [.. Order(wrong, known)];
        return ordered.Length == 0 ? "none" : string.Join(", ", ordered.Take(Most)) + (ordered.Length > Most ? $" and {ordered.Length - Most} more" : "");
    }

    /// <summary>Asks whether the likest name was meant, or lists the names if none is like it.</summary>
    public static string Suggest(string wrong, IEnumerable<string> known)
    {
        string[] ordered = [.. Order(wrong, known)];
        return ordered.Length > 0 && Distance(Fold(wrong), Fold(ordered[0])) <= Math.Max(1, wrong.Length / 3)
            ? $"Did you mean {ordered[0]}?"
            : $"Known: {string.Join(", ", ordered.Order(StringComparer.Ordinal))}.";
    }

    private static string Fold(string name) => (name.Length > MaxLength ? name[..MaxLength] : name).ToUpperInvariant();

    // Levenshtein's distance; a name that contains the other is nearer than any misspelling.
    private static int Distance(string left, string right)
    {
        if (left.Length >= 3 && right.Length >= 3 && (right.Contains(left, StringComparison.Ordinal) || left.Contains(right, StringComparison.Ordinal)))
        {
            return 0;
        }

        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
