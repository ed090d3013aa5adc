using System.Text;

namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Reads a text as a question: takes its courtesies away, writes its contractions out, finds out what is to be known of its words.</summary>
internal static class QuestionReader
{
    // Capitals are names only in a text that is written in small letters otherwise.
    private const double LargestShareOfNames = 0.5;

    // Among shorter words nearly all are one letter apart.
    private const int ShortestMisspelling = 4;

    // All negations count alike.
    private static readonly ulong Not = WordHash.Of("not");

    private static readonly string[] Modals = ["can", "could", "may"];

    /// <summary>Reads a text.</summary>
    public static Question Read(string text)
    {
        List<QuestionToken> tokens = WithoutCourtesies(WithoutContractions(QuestionTokenizer.Split(text)));
        EqualizeHowTo(tokens);
        bool hasNames = tokens.Count(static t => t.IsCapital) <= LargestShareOfNames * tokens.Count;
        var canonical = new StringBuilder(text.Length + 8);
        var words = new List<Word>(tokens.Count);
        foreach (QuestionToken token in tokens)
        {
            if (canonical.Length + token.Text.Length >= ushort.MaxValue)
            {
                break;
            }

            if (canonical.Length > 0)
            {
                canonical.Append(' ');
            }

            words.Add(WordOf(token, (ushort)canonical.Length, hasNames));
            canonical.Append(token.Text);
        }

        return new Question(canonical.ToString(), [.. words]);
    }

    private static Word WordOf(QuestionToken token, ushort start, bool hasNames)
    {
        string text = token.Text;
        bool isNumeric = text.AsSpan().IndexOfAnyInRange('0', '9') >= 0;
        ulong stem;
        WordTraits traits = WordTraits.None;
        if (isNumeric)
        {
            traits |= WordTraits.Numeric;
            stem = WordHash.Of(text);
        }
        else if (EnglishWords.Numbers.TryGetValue(text, out string? number))
        {
            traits |= WordTraits.Numeric;
            stem = WordHash.Of(number);
        }
        else if (EnglishWords.Negation.Contains(text))
        {
            traits |= WordTraits.Turning;
            stem = Not;
        }
        else
        {
            stem = Stemmer.HashOf(text);
            traits |= EnglishWords.Turning.Contains(text) ? WordTraits.Turning : WordTraits.None;
        }

        // "US" is a country, "us" isn't.
        bool isName = token.IsCapital && hasNames && text != "i";
        traits |= EnglishWords.Function.Contains(text) && !(isName && text == "us") ? WordTraits.Function : WordTraits.None;
        traits |= EnglishWords.Filler.Contains(text) ? WordTraits.Filler : WordTraits.None;
        traits |= text.Length < ShortestMisspelling || isNumeric || Lexicon.IsKnown(WordHash.Of(text), stem) ? WordTraits.Known : WordTraits.None;
        traits |= isName ? WordTraits.Name : WordTraits.None;
        traits |= token.IsLiteral ? WordTraits.Literal : WordTraits.None;
        return new Word(WordHash.Of(text), stem, start, (ushort)text.Length, traits);
    }

    private static List<QuestionToken> WithoutContractions(List<QuestionToken> tokens)
    {
        var words = new List<QuestionToken>(tokens.Count + 4);
        foreach (QuestionToken token in tokens)
        {
            string text = token.Text;
            if (EnglishWords.Contractions.TryGetValue(text, out string? full))
            {
                words.AddRange(full.Split(' ').Select(t => token with { Text = t }));
                continue;
            }

            int apostrophe = text.LastIndexOf('\'');
            if (apostrophe <= 0)
            {
                words.Add(token);
                continue;
            }

            if (text.EndsWith("n't", StringComparison.Ordinal))
            {
                words.Add(token with { Text = text[..^3] });
                words.Add(token with { Text = "not" });
                continue;
            }

            string before = text[..apostrophe];
            string? second = text[(apostrophe + 1)..] switch
            {
                "s" => EnglishWords.BeforeIs.Contains(before) ? "is" : "",
                "re" => "are",
                "ve" => "have",
                "ll" => "will",
                "m" => "am",
                "d" => "would",
                _ => null,
            };
            words.Add(token with { Text = second is null ? text.Replace("'", "", StringComparison.Ordinal) : before });
            if (second is { Length: > 0 })
            {
                words.Add(token with { Text = second });
            }
        }

        return words;
    }

    // At least two words are left: a text that is nothing but a courtesy is one.
    private static List<QuestionToken> WithoutCourtesies(List<QuestionToken> tokens)
    {
        int start = 0;
        int end = tokens.Count;
        while (true)
        {
            int opening = Array.Find(EnglishWords.Openings, p => p.Length <= end - start - 2 && IsAt(tokens, start, p))?.Length ?? 0;
            start += opening;
            int closing = Array.Find(EnglishWords.Closings, p => p.Length <= end - start - 2 && IsAt(tokens, end - p.Length, p))?.Length ?? 0;
            end -= closing;
            if (opening + closing == 0)
            {
                return tokens[start..end];
            }
        }
    }

    private static bool IsAt(List<QuestionToken> tokens, int position, string[] phrase)
    {
        for (int i = 0; i < phrase.Length; i++)
        {
            if (tokens[position + i].Text != phrase[i])
            {
                return false;
            }
        }

        return true;
    }

    // "How can I" asks what "How do I" asks.
    private static void EqualizeHowTo(List<QuestionToken> tokens)
    {
        for (int i = 0; i + 1 < tokens.Count; i++)
        {
            if (tokens[i].Text == "how" && Modals.Contains(tokens[i + 1].Text))
            {
                tokens[i + 1] = tokens[i + 1] with { Text = "do" };
            }
        }
    }
}
