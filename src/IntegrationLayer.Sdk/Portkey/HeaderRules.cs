using System.Buffers;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>What may stand in a header of a request.</summary>
internal static class HeaderRules
{
    /// <summary>How many bytes all headers of a request may take: Node accepts 16 KiB, and some go to Host, Content-Length and the like.</summary>
    public const int LargestTotal = 15 * 1024;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private static readonly SearchValues<char> Forbidden = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Where(code => code != '\t').Select(code => (char)code), '\x7f']);

    // Headers that decide on the message itself, and so on who reads what as the body.
    private static readonly string[] Framing = ["Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection", "Upgrade", "Expect", "TE", "Trailer"];

    /// <summary>Checks a header.</summary>
    /// <returns>What is wrong with it, naming the header but never its value; <see langword="null"/> if nothing.</returns>
    public static string? Check(string name, string value)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            return $"'{(System.Text.Ascii.IsValid(name) ? name.ReplaceLineEndings("?") : "?")}' is no name of a header. Use letters, digits and hyphens.";
        }

        if (Array.Exists(Framing, framing => framing.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            return $"The header {name} belongs to the transport and can't be set.";
        }

        return CheckValue(name, value);
    }

    /// <summary>Checks the value of a header whose name is known to be good.</summary>
    /// <returns>As <see cref="Check"/>.</returns>
    public static string? CheckValue(string name, string value)
    {
        if (!System.Text.Ascii.IsValid(value))
        {
            return $"The value of the header {name} has characters other than ASCII. Gateways misread them; encode or remove them.";
        }

        if (value.AsSpan().ContainsAny(Forbidden))
        {
            return $"The value of the header {name} has line breaks or other control characters. Remove them.";
        }

        return value.Length > 0 && (value[0] is ' ' or '\t' || value[^1] is ' ' or '\t')
            ? $"The value of the header {name} begins or ends with a space. Remove it."
            : null;
    }

    /// <summary>Says how many bytes a header takes on the wire.</summary>
    public static int Size(string name, string value) => name.Length + value.Length + 4;
}
