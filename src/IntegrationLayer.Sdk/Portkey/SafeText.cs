using System.Text.RegularExpressions;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Makes a message of somebody else's fit for an exception: short, without keys, without the caller's prompt.</summary>
internal static partial class SafeText
{
    private const int Longest = 256;
    private const int Read = 2048;
    private const int Window = 16;
    private const string Mark = "***";

    /// <summary>Cleans a message. <see langword="null"/> if nothing is left to tell.</summary>
    public static string? Clean(string? message, CallFacts facts)
    {
        if (string.IsNullOrWhiteSpace(message))
        {
            return null;
        }

        string text = message.Length > Read ? message[..Read] : message;

        // A key in a quoted address may be written with escapes.
        text = text.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(text) : text;
        foreach (string secret in facts.Secrets())
        {
            text = text.Replace(secret, Mark, StringComparison.Ordinal);
        }

        text = Bearers().Replace(text, "Bearer " + Mark);
        text = Assignments().Replace(text, "$1" + Mark);
        text = Keys().Replace(text, Mark);
        text = Controls().Replace(text, " ").Trim();
        text = text.Length > Longest ? string.Concat(text.AsSpan(0, Longest - 1), "…") : text;
        return Quotes(text, facts) ? "(withheld: the message quotes the request)" : text;
    }

    /// <summary>Shortens a code or type of error to what such a name may be.</summary>
    public static string? CleanCode(string? code) =>
        code is { Length: > 0 and <= 64 } && !Keys().IsMatch(code) && !Controls().IsMatch(code) ? code : null;

    // Any run of 31 characters that both have contains one of these windows. A short prompt is looked for as a whole.
    private static bool Quotes(string text, CallFacts facts)
    {
        foreach (string prompt in facts.Texts())
        {
            if (prompt.Length is >= 8 and < 2 * Window && text.Contains(prompt, StringComparison.Ordinal))
            {
                return true;
            }

            for (int start = 0; start + Window <= text.Length && prompt.Length >= 2 * Window; start += Window)
            {
                if (prompt.AsSpan().IndexOf(text.AsSpan(start, Window), StringComparison.Ordinal) >= 0)
                {
                    return true;
                }
            }
        }

        return false;
    }

    [GeneratedRegex(@"bearer\s+[^\s""',;]+", RegexOptions.IgnoreCase)]
    private static partial Regex Bearers();

    [GeneratedRegex(@"((?:api[-_ ]?key|token|secret|password|authorization)(?:\s+provided)?[""']?\s*[:=]\s*[""']?)[^\s""',;]{4,}", RegexOptions.IgnoreCase)]
    private static partial Regex Assignments();

    [GeneratedRegex(@"\b(?:sk|pk|rk|gsk|xai|hf|r8|nvapi|pplx|csk|fw|tgp|pc|ghp|gho)[-_][\w\-.*]{5,}|\b(?:AIza|ya29\.|AKIA|ASIA|eyJ)[\w\-.]{8,}|[\w+/\-]{40,}={0,2}")]
    private static partial Regex Keys();

    [GeneratedRegex(@"[\p{C}\s]+")]
    private static partial Regex Controls();
}
