namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Makes a vector of a question's words, pairs of neighbouring words, and groups of three and four letters.</summary>
/// <remarks>
/// Each feature is hashed to two of the dimensions, with a sign, so that strangers cancel out (feature hashing, Weinberger et al. 2009).
/// Function words count a quarter. Letters make misspellings and related words alike; pairs of words, the order.
/// </remarks>
internal static class LexicalVector
{
    /// <summary>The number of dimensions.</summary>
    public const int Dimensions = 256;

    /// <summary>How similar two questions must be at least: below, they have next to no word in common.</summary>
    public const double LeastSimilarity = 0.3;

    private const float FunctionWeight = 0.25f;
    private const float PairWeight = 0.4f;
    private const float LettersWeight = 0.8f;
    private const float LongLettersShare = 0.8f;
    private const ulong PairMark = 0x9E3779B97F4A7C15;
    private const char Edge = '\u0002';

    // The longest beginning of a word whose letters are looked at.
    private const int LongestWord = 48;

    /// <summary>Fills a vector; its length becomes 1, or stays 0 for a question without words.</summary>
    public static void Fill(Question question, Span<float> vector)
    {
        vector.Clear();
        ReadOnlySpan<Word> words = question.Words;
        float weightBefore = 0;
        for (int i = 0; i < words.Length; i++)
        {
            float weight = words[i].IsContent ? 1 : FunctionWeight;
            Add(vector, words[i].Stem, weight);
            if (i > 0)
            {
                Add(vector, WordHash.Mix((words[i - 1].Stem * PairMark) + words[i].Stem), PairWeight * Math.Min(weight, weightBefore));
            }

            AddLetters(vector, question.TextOf(words[i]), weight);
            weightBefore = weight;
        }

        Normalize(vector);
    }

    private static void AddLetters(Span<float> vector, ReadOnlySpan<char> text, float weight)
    {
        Span<char> word = stackalloc char[LongestWord + 2];
        int length = Math.Min(text.Length, LongestWord);
        text[..length].CopyTo(word[1..]);
        word[0] = Edge;
        word[length + 1] = Edge;
        word = word[..(length + 2)];
        float each = LettersWeight * weight / MathF.Sqrt(length);
        for (int i = 0; i + 3 <= word.Length; i++)
        {
            Add(vector, WordHash.Of(word.Slice(i, 3)), each);
            if (i + 4 <= word.Length)
            {
                Add(vector, WordHash.Of(word.Slice(i, 4)), each * LongLettersShare);
            }
        }
    }

    private static void Add(Span<float> vector, ulong feature, float weight)
    {
        vector[(int)(feature % Dimensions)] += (feature & (1UL << 20)) == 0 ? weight : -weight;
        vector[(int)((feature >> 32) % Dimensions)] += (feature & (1UL << 52)) == 0 ? weight : -weight;
    }

    private static void Normalize(Span<float> vector)
    {
        float squares = 0;
        foreach (float value in vector)
        {
            squares += value * value;
        }

        if (squares > 0)
        {
            float factor = 1 / MathF.Sqrt(squares);
            foreach (ref float value in vector)
            {
                value *= factor;
            }
        }
    }
}
