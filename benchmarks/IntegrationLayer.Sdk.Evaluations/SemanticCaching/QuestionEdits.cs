using System.Globalization;
using System.Text.RegularExpressions;

namespace IntegrationLayer.Sdk.Evaluations.SemanticCaching;

/// <summary>Edits questions: so that they ask the same, or so that they nearly do.</summary>
internal static partial class QuestionEdits
{
    private static readonly string[] Openings = ["Hi, ", "Hello! ", "Could you tell me, ", "Please tell me: ", "Quick question: "];
    private static readonly string[] Closings = [" Thanks!", " Thank you.", " Please help.", " thx"];

    private static readonly (string From, string To)[] Contractions =
        [("What is ", "What's "), ("what is ", "what's "), ("I am ", "I'm "), ("do not ", "don't "), ("How do I ", "How can I "), ("don't ", "do not "), ("What's ", "What is ")];

    private static readonly (string From, string To)[] Negations =
        [("How do I ", "How do I not "), ("How can I ", "How can I not "), ("Is ", "Isn't "), ("Can ", "Can't "), ("should I ", "should I not "), ("do you ", "do you not "), ("does ", "does not ")];

    private static readonly (string From, string To)[] Opposites =
        [("best", "worst"), ("increase", "decrease"), ("before", "after"), ("with", "without"), ("buy", "sell"), ("open", "close"), ("start", "stop"), ("first", "last"), ("more", "less"),
            ("high", "low"), ("add", "remove"), ("send", "receive"), ("old", "new"), ("freeze", "unfreeze"), ("on", "off")];

    /// <summary>Edits a question so that it asks the same.</summary>
    public static string Harmless(string text, Random random) => random.Next(6) switch
    {
        0 => random.Next(2) == 0 ? text.ToLowerInvariant() : text.ToUpperInvariant(),
        1 => random.Next(2) == 0 ? text.TrimEnd('?', '.', '!') : text + "?",
        2 => "  " + text.Replace(" ", random.Next(2) == 0 ? "  " : " ", StringComparison.Ordinal) + " ",
        3 => random.Next(2) == 0
            ? Openings[random.Next(Openings.Length)] + char.ToLowerInvariant(text[0]) + text[1..]
            : text + Closings[random.Next(Closings.Length)],
        4 => Misspell(text, random),
        _ => Replace(text, Contractions) ?? text + "?",
    };

    /// <summary>Edits a question so that it asks something else in nearly the same words; <see langword="null"/> if it offers no place for that.</summary>
    public static string? NearMiss(string text, Random random)
    {
        Func<string?>[] edits = [() => OtherNumber(text, random), () => Replace(text, Negations), () => Opposite(text), () => Exchange(text)];
        random.Shuffle(edits);
        return edits.Select(static e => e()).FirstOrDefault(static e => e is not null);
    }

    private static string Misspell(string text, Random random)
    {
        Match[] words = [.. LongWord().Matches(text).Cast<Match>()];
        if (words.Length == 0)
        {
            return text + "?";
        }

        Match word = words[random.Next(words.Length)];
        int at = word.Index + 1 + random.Next(word.Length - 2);
        return text[..at] + text[at + 1] + text[at] + text[(at + 2)..];
    }

    private static string? OtherNumber(string text, Random random)
    {
        Match number = Number().Match(text);
        return number.Success && number.Length < 7
            ? text[..number.Index] + (int.Parse(number.Value, CultureInfo.InvariantCulture) + random.Next(1, 11)).ToString(CultureInfo.InvariantCulture) + text[(number.Index + number.Length)..]
            : null;
    }

    private static string? Replace(string text, (string From, string To)[] replacements)
    {
        foreach ((string from, string to) in replacements)
        {
            if (text.Contains(from, StringComparison.Ordinal))
            {
                return text.Replace(from, to, StringComparison.Ordinal);
            }
        }

        return null;
    }

    private static string? Opposite(string text)
    {
        string[] words = text.Split(' ');
        for (int i = 0; i < words.Length; i++)
        {
            (string From, string To) pair = Array.Find(Opposites, p => p.From.Equals(words[i], StringComparison.OrdinalIgnoreCase));
            if (pair.To is not null)
            {
                words[i] = pair.To;
                return string.Join(' ', words);
            }
        }

        return null;
    }

    private static string? Exchange(string text)
    {
        Match match = Exchangeable().Match(text);
        return match.Success && match.Groups[1].Value != match.Groups[3].Value
            ? $"{text[..match.Index]}{match.Groups[3]} {match.Groups[2]} {match.Groups[1]}{text[(match.Index + match.Length)..]}"
            : null;
    }

    [GeneratedRegex("[A-Za-z]{5,}")]
    private static partial Regex LongWord();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();

    [GeneratedRegex(@"\b(\w+) (to|or|than|and|from) (\w+)\b")]
    private static partial Regex Exchangeable();
}
