using System.Buffers;

namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Takes the commonest English endings off a word, so that its forms are equal. Less than a Porter stemmer takes, which makes strangers equal.</summary>
internal static class Stemmer
{
    // A shorter word is its own stem.
    private const int ShortestWord = 4;

    private static readonly SearchValues<char> Vowels = SearchValues.Create("aeiouy");

    // Words of more letters are their own stems.
    private const int LongestWord = 64;

    /// <summary>Gets the hash of a word's stem.</summary>
    /// <param name="word">A word in small letters.</param>
    public static ulong HashOf(ReadOnlySpan<char> word)
    {
        Span<char> buffer = stackalloc char[LongestWord];
        return WordHash.Of(word.Length > LongestWord ? word : Stem(word, buffer));
    }

    /// <summary>Finds the stem.</summary>
    /// <param name="word">A word in small letters.</param>
    /// <param name="buffer">Takes a stem that isn't the word's beginning; as long as the word.</param>
    /// <returns>The stem, in the word or in the buffer.</returns>
    public static ReadOnlySpan<char> Stem(ReadOnlySpan<char> word, Span<char> buffer)
    {
        ReadOnlySpan<char> stem = word;
        if (stem.Length < ShortestWord)
        {
            return stem;
        }

        stem = WithoutPlural(stem, buffer);
        stem = WithoutVerbEnding(stem, buffer);
        return stem.Length >= ShortestWord && stem[^1] == 'e' ? stem[..^1] : stem;
    }

    private static ReadOnlySpan<char> WithoutPlural(ReadOnlySpan<char> word, Span<char> buffer)
    {
        if (word.EndsWith("ies") && word.Length > 4)
        {
            return WithY(word[..^3], buffer);
        }

        if (word.EndsWith("sses") || word.EndsWith("xes") || word.EndsWith("ches") || word.EndsWith("shes") || word.EndsWith("zes"))
        {
            return word[..^2];
        }

        return word[^1] == 's' && word[^2] is not ('s' or 'u' or 'i') ? word[..^1] : word;
    }

    private static ReadOnlySpan<char> WithoutVerbEnding(ReadOnlySpan<char> word, Span<char> buffer)
    {
        if (word.EndsWith("ing") && word.Length > 5 && HasVowel(word[..^3]))
        {
            return WithoutDouble(word[..^3]);
        }

        if (word.EndsWith("ied") && word.Length > 4)
        {
            return WithY(word[..^3], buffer);
        }

        if (word.EndsWith("ed") && word.Length > 4 && HasVowel(word[..^2]))
        {
            return WithoutDouble(word[..^2]);
        }

        return word.EndsWith("ly") && word.Length > 5 ? word[..^2] : word;
    }

    private static bool HasVowel(ReadOnlySpan<char> text) => text.ContainsAny(Vowels);

    private static ReadOnlySpan<char> WithoutDouble(ReadOnlySpan<char> stem) =>
        stem.Length > 3 && stem[^1] == stem[^2] && stem[^1] is not ('l' or 's' or 'z') ? stem[..^1] : stem;

    private static ReadOnlySpan<char> WithY(ReadOnlySpan<char> stem, Span<char> buffer)
    {
        stem.CopyTo(buffer);
        buffer[stem.Length] = 'y';
        return buffer[..(stem.Length + 1)];
    }
}
