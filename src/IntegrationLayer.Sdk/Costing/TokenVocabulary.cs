using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>Which byte sequences are tokens, and in which order they merge.</summary>
/// <remarks>
/// A hash table of 64-bit fingerprints without the sequences themselves: 4 MB for the 199,998 tokens of o200k_base. Two sequences
/// are taken for the same with a probability of about 2⁻³², which for counting doesn't matter.
/// </remarks>
internal sealed class TokenVocabulary
{
    /// <summary>What <see cref="Rank"/> says of a sequence that is not a token.</summary>
    public const int None = int.MaxValue;

    /// <summary>Bytes that must be readable behind the end of every text given to <see cref="Rank"/>.</summary>
    public const int Padding = 16;

    private const string ResourceName = "IntegrationLayer.Sdk.Costing.o200k_base.br";
    private const ulong FirstSeed = 0x9E3779B97F4A7C15;
    private const ulong SecondSeed = 0xD6E8FEB86659FD93;

    private readonly ulong[] _slots;
    private readonly int _shift;

    private TokenVocabulary(int count)
    {
        int bits = Math.Max(4, BitOperations.Log2((uint)count) + 2);
        _slots = new ulong[1 << bits];
        _shift = 64 - bits;
        Count = count;
    }

    /// <summary>Gets the number of tokens.</summary>
    public int Count { get; }

    /// <summary>Loads o200k_base, the vocabulary of OpenAI's models since GPT-4o, from the resource in this assembly.</summary>
    /// <returns>The vocabulary.</returns>
    public static TokenVocabulary LoadO200k()
    {
        using Stream resource = typeof(TokenVocabulary).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException($"The resource {ResourceName} is missing from the assembly; build it again.");
        return Load(resource);
    }

    /// <summary>Reads a vocabulary: Brotli of the number of tokens and of their bytes (int32, little-endian), the length of each (a byte), and their bytes, in order of rank.</summary>
    /// <param name="compressed">The stream to read.</param>
    /// <returns>The vocabulary.</returns>
    /// <exception cref="InvalidDataException">The data is not a vocabulary.</exception>
    public static TokenVocabulary Load(Stream compressed)
    {
        using BrotliStream stream = new(compressed, CompressionMode.Decompress);
        Span<byte> head = stackalloc byte[2 * sizeof(int)];
        stream.ReadExactly(head);
        int count = BinaryPrimitives.ReadInt32LittleEndian(head);
        int size = BinaryPrimitives.ReadInt32LittleEndian(head[sizeof(int)..]);
        if (count is <= 0 or > 1_000_000 || size is <= 0 or > 16_000_000)
        {
            throw new InvalidDataException($"A vocabulary of {count} tokens in {size} bytes is damaged: up to 1,000,000 and 16,000,000 were expected.");
        }

        byte[] lengths = new byte[count];
        stream.ReadExactly(lengths);
        if (lengths.Sum(length => length) != size || lengths.Contains((byte)0))
        {
            throw new InvalidDataException($"The vocabulary is damaged: the lengths of its tokens don't add up to {size} bytes.");
        }

        byte[] tokens = new byte[size + Padding];
        stream.ReadExactly(tokens, 0, size);
        TokenVocabulary vocabulary = new(count);
        int offset = 0;
        for (int rank = 0; rank < count; rank++)
        {
            vocabulary.Add(ref tokens[offset], lengths[rank], rank);
            offset += lengths[rank];
        }

        return vocabulary;
    }

    /// <summary>The place of a sequence in the order of merging.</summary>
    /// <param name="fingerprint">The sequence's <see cref="Fingerprint(ref byte, int)"/>.</param>
    /// <returns>The rank, from zero, or <see cref="None"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Rank(ulong fingerprint)
    {
        ref ulong slots = ref MemoryMarshal.GetArrayDataReference(_slots);
        nuint index = (nuint)(fingerprint >> _shift);
        while (true)
        {
            ulong slot = Unsafe.Add(ref slots, index);
            if ((uint)(slot >> 32) == (uint)fingerprint)
            {
                return slot == 0 ? None : (int)(uint)slot - 1;
            }

            if (slot == 0)
            {
                return None;
            }

            index = (index + 1) & (nuint)(_slots.Length - 1);
        }
    }

    /// <summary>Hashes a sequence to 64 bits.</summary>
    /// <param name="start">Its first byte. <see cref="Padding"/> bytes behind its end must be readable.</param>
    /// <param name="length">Its length, in bytes. At least one.</param>
    /// <returns>The fingerprint.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Fingerprint(ref byte start, int length)
    {
        ulong first = Unsafe.ReadUnaligned<ulong>(ref start);
        if (length <= 8)
        {
            return Mix(first & (ulong.MaxValue >> (64 - (8 * length))), (ulong)length);
        }

        ulong second = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, 8));
        if (length <= 16)
        {
            return Mix(first, (second & (ulong.MaxValue >> (128 - (8 * length)))) ^ (ulong)length);
        }

        return FingerprintOfLong(ref start, length);
    }

    /// <summary>Hashes a whole text to 64 bits, two lanes at once.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The fingerprint.</returns>
    public static ulong Fingerprint(ReadOnlySpan<byte> text)
    {
        ulong left = (ulong)text.Length;
        ulong right = FirstSeed;
        while (text.Length >= 32)
        {
            ReadOnlySpan<ulong> block = MemoryMarshal.Cast<byte, ulong>(text[..32]);
            left = Mix(block[0] ^ left, block[1]);
            right = Mix(block[2] ^ right, block[3]);
            text = text[32..];
        }

        foreach (byte rest in text)
        {
            left = Mix(left, rest);
        }

        return Mix(left, right);
    }

    private static ulong FingerprintOfLong(ref byte start, int length)
    {
        ulong hash = (ulong)length;
        int offset = 0;
        for (; offset + 8 <= length; offset += 8)
        {
            hash = Mix(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, offset)), hash);
        }

        ulong tail = 0;
        for (; offset < length; offset++)
        {
            tail = (tail << 8) | Unsafe.Add(ref start, offset);
        }

        return Mix(tail, hash);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left ^ FirstSeed, right ^ SecondSeed, out ulong low);
        return high ^ low;
    }

    private void Add(ref byte start, int length, int rank)
    {
        ulong hash = Fingerprint(ref start, length);
        int index = (int)(hash >> _shift);
        while (_slots[index] != 0)
        {
            index = (index + 1) & (_slots.Length - 1);
        }

        _slots[index] = (hash << 32) | (uint)(rank + 1);
    }
}
