using System.Buffers;
using System.Globalization;
using System.Text;

namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Finds the words of a text. Digits and letters that touch are two words, apart from names like <c>kb61</c> and ordinals like <c>2nd</c>.</summary>
internal static class QuestionTokenizer
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.,");
    private static readonly SearchValues<char> Quotes = SearchValues.Create("\"`\u201C\u201D\u00AB\u00BB");

    /// <summary>Splits a text into words.</summary>
    public static List<QuestionToken> Split(string text)
    {
        string normal = Normalize(text);
        var tokens = new List<QuestionToken>(16);
        bool isSentenceStart = true;
        bool isQuoted = false;
        int position = 0;
        while (position < normal.Length)
        {
            char c = normal[position];
            if (IsWordStart(normal, position))
            {
                int end = EndOfWord(normal, position);
                Add(tokens, normal.AsSpan(position, end - position), char.IsUpper(c) && !isSentenceStart, isQuoted);
                isSentenceStart = false;
                position = end;
                continue;
            }

            isQuoted = Quotes.Contains(c) ? !isQuoted && HasClosing(normal, position) : isQuoted;
            isSentenceStart |= c is '.' or '?' or '!' or ':' or '\n';
            if (c == '%' && tokens.Count > 0 && char.IsDigit(tokens[^1].Text[^1]))
            {
                tokens.Add(new QuestionToken("percent", false, isQuoted));
            }

            position++;
        }

        return tokens;
    }

    private static string Normalize(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        try
        {
            return text.Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            // Half a surrogate pair: compared as it is.
            return text;
        }
    }

    private static bool IsWordStart(string text, int position) =>
        char.IsLetterOrDigit(text[position]) || (CurrencyOf(text[position]) is not null && position + 1 < text.Length && char.IsDigit(text[position + 1]));

    private static int EndOfWord(string text, int start)
    {
        int end = start + 1;
        if (IsIdeograph(text[start]))
        {
            return end;
        }

        for (; end < text.Length; end++)
        {
            char c = text[end];
            bool belongs = (char.IsLetterOrDigit(c) && !IsIdeograph(c))
                || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark
                || (IsApostrophe(c) && char.IsLetter(text[end - 1]) && end + 1 < text.Length && char.IsLetter(text[end + 1]))
                || (c is '.' or ',' && char.IsDigit(text[end - 1]) && end + 1 < text.Length && char.IsDigit(text[end + 1]))
                || (c is '+' or '#' && IsProgrammingLanguage(text, start, end));
            if (!belongs)
            {
                break;
            }
        }

        return end;
    }

    // C++, C#, F#.
    private static bool IsProgrammingLanguage(string text, int start, int end) =>
        end == start + 1 ? char.IsLetter(text[start]) : end == start + 2 && text[start + 1] == '+' && text[end] == '+';

    private static void Add(List<QuestionToken> tokens, ReadOnlySpan<char> word, bool isCapital, bool isLiteral)
    {
        if (CurrencyOf(word[0]) is { } currency)
        {
            Add(tokens, word[1..], isCapital, isLiteral);
            tokens.Add(new QuestionToken(currency, false, isLiteral));
            return;
        }

        if (!char.IsDigit(word[0]))
        {
            tokens.Add(new QuestionToken(Lower(word), isCapital, isLiteral));
            return;
        }

        int digits = word.IndexOfAnyExcept(NumberCharacters);
        digits = digits < 0 ? word.Length : digits;
        bool isOrdinal = word[digits..] is "st" or "nd" or "rd" or "th";
        tokens.Add(new QuestionToken(isOrdinal ? word.ToString() : NumberOf(word[..digits]), false, isLiteral));
        if (digits > 0 && digits < word.Length && !isOrdinal)
        {
            tokens.Add(new QuestionToken(Lower(word[digits..]), false, isLiteral));
        }
    }

    // 1,000 is 1000; 1,5 and 1.5 are 1.5.
    private static string NumberOf(ReadOnlySpan<char> digits)
    {
        int comma = digits.IndexOf(',');
        if (comma < 0)
        {
            return digits.ToString();
        }

        bool isGrouping = true;
        ReadOnlySpan<char> rest = digits[(comma + 1)..];
        foreach (Range group in rest.Split(','))
        {
            int point = rest[group].IndexOf('.');
            isGrouping &= (point < 0 ? rest[group].Length : point) is 2 or 3;
        }

        return isGrouping && rest.Length > 2 ? digits.ToString().Replace(",", "", StringComparison.Ordinal) : digits.ToString().Replace(',', '.');
    }

    private static string Lower(ReadOnlySpan<char> word) => string.Create(word.Length, word, static (lower, source) =>
    {
        for (int i = 0; i < lower.Length; i++)
        {
            lower[i] = IsApostrophe(source[i]) ? '\'' : char.ToLowerInvariant(source[i]);
        }
    });

    private static bool IsApostrophe(char c) => c is '\'' or '\u2019' or '\u2018' or '\u00B4' or '\u02BC';

    private static bool HasClosing(string text, int opening) => text.AsSpan(opening + 1).IndexOfAny(Quotes) >= 0;

    // Scripts without spaces: each sign stands for itself.
    private static bool IsIdeograph(char c) => c is (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u4DBF') or (>= '\u4E00' and <= '\u9FFF');

    private static string? CurrencyOf(char c) => c switch
    {
        '$' => "dollar",
        '\u20AC' => "euro",
        '\u00A3' => "pound",
        '\u20B9' => "rupee",
        '\u00A5' => "yen",
        _ => null,
    };
}
