using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Numerics;

namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>
/// Which words there are in English, and which are opposites. Made from WordNet 3.0 by the command <c>semantic-lexicon</c> of the evaluations, and
/// embedded; the words as a Bloom filter, so that about one in a hundred misspellings is taken for a word, and none the other way round.
/// </summary>
internal static class Lexicon
{
    /// <summary>The name of the embedded file.</summary>
    public const string ResourceName = "IntegrationLayer.Sdk.SemanticCaching.lexicon.bin";

    /// <summary>Begins the file; its last character is the version of the format.</summary>
    public const uint Magic = 0x494C_4C31;

    /// <summary>How many bits of the filter each word sets.</summary>
    public const int HashCount = 7;

    private static readonly Lazy<(ulong[] Filter, FrozenSet<ulong> Opposites)> Content = new(Load);

    /// <summary>Whether a word is in the dictionary, itself or by its stem.</summary>
    public static bool IsKnown(ulong word, ulong stem)
    {
        ulong[] filter = Content.Value.Filter;
        return Contains(filter, word) || Contains(filter, stem);
    }

    /// <summary>Whether two words say the opposite.</summary>
    /// <param name="stem">The stem of one.</param>
    /// <param name="other">The stem of the other.</param>
    public static bool AreOpposites(ulong stem, ulong other) => Content.Value.Opposites.Contains(PairOf(stem, other));

    /// <summary>Gets what stands for two words, in either order.</summary>
    public static ulong PairOf(ulong stem, ulong other) => WordHash.Mix(stem) + WordHash.Mix(other);

    /// <summary>Puts a word into a filter.</summary>
    /// <param name="filter">The filter; its length is a power of two.</param>
    /// <param name="word">The word's hash.</param>
    public static void Add(Span<ulong> filter, ulong word)
    {
        for (int i = 0; i < HashCount; i++)
        {
            ulong bit = BitOf(filter.Length, word, i);
            filter[(int)(bit >> 6)] |= 1UL << (int)(bit & 63);
        }
    }

    private static bool Contains(ReadOnlySpan<ulong> filter, ulong word)
    {
        for (int i = 0; i < HashCount; i++)
        {
            ulong bit = BitOf(filter.Length, word, i);
            if ((filter[(int)(bit >> 6)] & (1UL << (int)(bit & 63))) == 0)
            {
                return false;
            }
        }

        return true;
    }

    // Two hashes make any number of them (Kirsch and Mitzenmacher 2006).
    private static ulong BitOf(int length, ulong word, int index) =>
        (word + ((ulong)index * (BitOperations.RotateLeft(word, 32) | 1))) & (((ulong)length << 6) - 1);

    private static (ulong[] Filter, FrozenSet<ulong> Opposites) Load()
    {
        using Stream stream = typeof(Lexicon).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {ResourceName}.");
        Span<byte> header = stackalloc byte[12];
        stream.ReadExactly(header);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != Magic)
        {
            throw new InvalidOperationException($"The resource {ResourceName} is of another version.");
        }

        ulong[] filter = ReadNumbers(stream, BinaryPrimitives.ReadInt32LittleEndian(header[4..]));
        ulong[] pairs = ReadNumbers(stream, BinaryPrimitives.ReadInt32LittleEndian(header[8..]));
        return (filter, pairs.Concat(EnglishWords.Opposites.Select(static p => PairOf(Stemmer.HashOf(p.One), Stemmer.HashOf(p.Other)))).ToFrozenSet());
    }

    private static ulong[] ReadNumbers(Stream stream, int count)
    {
        byte[] bytes = new byte[count * sizeof(ulong)];
        stream.ReadExactly(bytes);
        ulong[] numbers = new ulong[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong)));
        }

        return numbers;
    }
}
