namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>A question as it is compared with others: in small letters, without courtesies, contractions written out.</summary>
/// <param name="canonical">The words, one space between two.</param>
/// <param name="words">The words' places and properties.</param>
internal sealed class Question(string canonical, Word[] words)
{
    /// <summary>How many words a question may have to be compared with others.</summary>
    public const int MostWords = 200;

    /// <summary>Gets the question in its canonical form. Questions of the same form ask the same.</summary>
    public string Canonical { get; } = canonical;

    /// <summary>Gets the words, in order.</summary>
    public ReadOnlySpan<Word> Words => words;

    /// <summary>Gets the stems of the words that carry meaning: sorted, each once.</summary>
    public ulong[] Content { get; } = ContentOf(words);

    /// <summary>Gets a hash of the numbers in it, each as often as it occurs, in any order.</summary>
    public ulong Numbers { get; } = SignatureOf(words, WordTraits.Numeric);

    /// <summary>Gets a hash of the words that turn its meaning round.</summary>
    public ulong Turns { get; } = SignatureOf(words, WordTraits.Turning);

    /// <summary>Gets the kind of answer that it asks for.</summary>
    public QuestionKind Kind { get; } = QuestionKinds.Of(words);

    /// <summary>Gets a value indicating whether the rules for English apply: without a single function word in a sentence it is another language.</summary>
    public bool IsEnglish { get; } = words.Length < 5 || Array.Exists(words, static w => w.Has(WordTraits.Function));

    /// <summary>Gets how many bytes of memory it takes, roughly.</summary>
    public int Size => 120 + (2 * Canonical.Length) + (24 * words.Length) + (8 * Content.Length);

    /// <summary>Gets a word's letters.</summary>
    public ReadOnlySpan<char> TextOf(in Word word) => Canonical.AsSpan(word.Start, word.Length);

    private static ulong[] ContentOf(Word[] words)
    {
        var stems = new List<ulong>(words.Length);
        foreach (ref readonly Word word in words.AsSpan())
        {
            if (word.IsContent)
            {
                stems.Add(word.Stem);
            }
        }

        stems.Sort();
        return [.. stems.Distinct()];
    }

    // A sum doesn't depend on the order, and counts what is there twice twice.
    private static ulong SignatureOf(Word[] words, WordTraits trait)
    {
        ulong sum = 0;
        foreach (ref readonly Word word in words.AsSpan())
        {
            if (word.Has(trait))
            {
                sum += WordHash.Mix(word.Stem);
            }
        }

        return sum;
    }
}
