using System.Globalization;

namespace IntegrationLayer.Sdk.Integration.Tests.Chaos;

/// <summary>The answers of the provider: pieces that say whose they are, so that a reader can tell whether a text is whole and of one call.</summary>
internal static class Passage
{
    /// <summary>Writes the piece of an answer.</summary>
    public static string Piece(string question, int call, int index, int count) => string.Create(CultureInfo.InvariantCulture, $"<{question}|{call}|{index}|{count}>");

    /// <summary>Reads a text, whole or broken off.</summary>
    /// <returns>The call it is of, or <see langword="null"/> if nothing was read.</returns>
    /// <exception cref="FormatException">It is another question's, mixed from several calls, or has a gap or a repetition.</exception>
    public static (int Call, bool IsWhole)? Read(string text, string question)
    {
        (int Call, bool IsWhole)? read = null;
        string[] pieces = text.Split('>', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < pieces.Length; i++)
        {
            string[] parts = pieces[i].TrimStart('<').Split('|');
            int call = int.Parse(parts[1], CultureInfo.InvariantCulture);
            if (parts[0] != question || parts[2] != i.ToString(CultureInfo.InvariantCulture) || (read is { } before && before.Call != call))
            {
                throw new FormatException($"The answer to '{question}' reads '{text}'.");
            }

            read = (call, i + 1 == int.Parse(parts[3], CultureInfo.InvariantCulture));
        }

        return read;
    }
}
