using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>Counts the tokens of a text by byte-level byte pair encoding, without producing them.</summary>
/// <remarks>
/// The algorithm is the published one of GPT-4o's tokenizer: the text is split by <see cref="TextSplitter"/>; a piece that is a token
/// counts one; within any other the pair of neighbours with the lowest rank is merged until none can be. Special tokens such as
/// <c>&lt;|endoftext|&gt;</c> are counted as plain text, which is what providers do with user text.
/// </remarks>
internal sealed class TokenCounter
{
    /// <summary>Bytes of a piece that are merged together. A longer piece (base64, rows of dashes) is cut, which can count a token or two more per cut.</summary>
    public const int LongestPiece = 128;

    /// <summary>Characters that are converted at once. A longer text is cut, which can count a token or two more per cut.</summary>
    public const int LongestBlock = 32 * 1024;

    private const int ShortestRemembered = 64;

    // Readable bytes behind the text: a word may begin at its end.
    private const int Padding = AsciiLetters.Length + TokenVocabulary.Padding;

    private readonly TokenVocabulary _vocabulary;
    private readonly CountMemory _pieces = new(bits: 14);
    private readonly CountMemory _texts = new(bits: 12);

    /// <summary>Creates a counter.</summary>
    /// <param name="vocabulary">The tokens and their order.</param>
    public TokenCounter(TokenVocabulary vocabulary) => _vocabulary = vocabulary;

    /// <summary>Counts the tokens of a text.</summary>
    /// <param name="text">The text. A lone surrogate counts as U+FFFD.</param>
    /// <returns>The number of tokens.</returns>
    public int Count(ReadOnlySpan<char> text)
    {
        int tokens = 0;
        while (text.Length > LongestBlock)
        {
            int cut = char.IsHighSurrogate(text[LongestBlock - 1]) ? LongestBlock - 1 : LongestBlock;
            tokens += CountBlock(text[..cut]);
            text = text[cut..];
        }

        return tokens + CountBlock(text);
    }

    /// <summary>Counts the tokens of a text, or remembers them: system prompts and the turns of a conversation come again and again.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The number of tokens.</returns>
    public int CountRemembered(ReadOnlySpan<char> text)
    {
        if (text.Length < ShortestRemembered)
        {
            return CountBlock(text);
        }

        ulong fingerprint = TokenVocabulary.Fingerprint(MemoryMarshal.AsBytes(text));
        if (!_texts.TryGet(fingerprint, out int tokens))
        {
            tokens = Count(text);
            _texts.Set(fingerprint, tokens);
        }

        return tokens;
    }

    /// <summary>Counts the tokens of a text in UTF-8.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The number of tokens.</returns>
    public int CountUtf8(ReadOnlySpan<byte> text)
    {
        int tokens = 0;
        while (!text.IsEmpty)
        {
            int cut = Math.Min(text.Length, LongestBlock);
            byte[] buffer = ArrayPool<byte>.Shared.Rent(cut + Padding);
            text[..cut].CopyTo(buffer);
            tokens += CountPadded(buffer, cut);
            ArrayPool<byte>.Shared.Return(buffer);
            text = text[cut..];
        }

        return tokens;
    }

    private int CountBlock(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return 0;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent((text.Length * 3) + Padding);
        Utf8.FromUtf16(text, buffer.AsSpan(0, buffer.Length - Padding), out _, out int written);
        int tokens = CountPadded(buffer, written);
        ArrayPool<byte>.Shared.Return(buffer);
        return tokens;
    }

    private int CountPadded(byte[] buffer, int length)
    {
        // A zero ends every run of letters, so that the splitter needs no bounds checks inside a word.
        buffer.AsSpan(length, Padding).Clear();
        Span<int> scratch = stackalloc int[2 * (LongestPiece + 2)];
        ref byte text = ref MemoryMarshal.GetArrayDataReference(buffer);
        int tokens = 0;
        int position = 0;
        AsciiLetters letters = new();
        while (position < length)
        {
            int end = TextSplitter.EndOfPiece(ref text, position, length, ref letters);
            tokens += CountPiece(ref Unsafe.Add(ref text, position), end - position, scratch);
            position = end;
        }

        return tokens;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int CountPiece(ref byte start, int length, Span<int> scratch)
    {
        if (length == 1)
        {
            return 1;
        }

        if (length > LongestPiece)
        {
            return CountLongPiece(ref start, length, scratch);
        }

        ulong fingerprint = TokenVocabulary.Fingerprint(ref start, length);
        return _vocabulary.Rank(fingerprint) != TokenVocabulary.None ? 1 : CountUnknownPiece(ref start, length, fingerprint, scratch);
    }

    private int CountUnknownPiece(ref byte start, int length, ulong fingerprint, Span<int> scratch)
    {
        if (!_pieces.TryGet(fingerprint, out int tokens))
        {
            tokens = Merge(ref start, length, scratch);
            _pieces.Set(fingerprint, tokens);
        }

        return tokens;
    }

    private int CountLongPiece(ref byte start, int length, Span<int> scratch)
    {
        int tokens = 0;
        while (length > 0)
        {
            int part = Math.Min(length, LongestPiece);
            tokens += CountPiece(ref start, part, scratch);
            start = ref Unsafe.Add(ref start, part);
            length -= part;
        }

        return tokens;
    }

    private int Merge(ref byte start, int length, Span<int> scratch)
    {
        // starts[i] is where part i begins; ranks[i] is the rank of parts i and i + 1 together.
        Span<int> starts = scratch[..(length + 1)];
        Span<int> ranks = scratch.Slice(LongestPiece + 2, length + 1);
        for (int i = 0; i < length; i++)
        {
            starts[i] = i;
            ranks[i] = i + 1 < length ? _vocabulary.Rank(TokenVocabulary.Fingerprint(ref Unsafe.Add(ref start, i), 2)) : TokenVocabulary.None;
        }

        starts[length] = length;
        int parts = length;
        while (parts > 1)
        {
            int best = IndexOfLowest(ranks[..(parts - 1)]);
            if (ranks[best] == TokenVocabulary.None)
            {
                break;
            }

            starts[(best + 2)..(parts + 1)].CopyTo(starts[(best + 1)..]);
            ranks[(best + 1)..parts].CopyTo(ranks[best..]);
            parts--;
            ranks[best] = RankOfTwo(ref start, starts, best, parts);
            if (best > 0)
            {
                ranks[best - 1] = RankOfTwo(ref start, starts, best - 1, parts);
            }
        }

        return parts;
    }

    private int RankOfTwo(ref byte start, Span<int> starts, int part, int parts) =>
        part + 2 > parts ? TokenVocabulary.None : _vocabulary.Rank(TokenVocabulary.Fingerprint(ref Unsafe.Add(ref start, starts[part]), starts[part + 2] - starts[part]));

    private static int IndexOfLowest(ReadOnlySpan<int> ranks)
    {
        if (ranks.Length < 2 * Vector128<int>.Count)
        {
            int best = 0;
            for (int i = 1; i < ranks.Length; i++)
            {
                best = ranks[i] < ranks[best] ? i : best;
            }

            return best;
        }

        ref int first = ref MemoryMarshal.GetReference(ranks);
        Vector128<int> lowest = Vector128.LoadUnsafe(ref first, (nuint)(ranks.Length - Vector128<int>.Count));
        for (int i = 0; i <= ranks.Length - Vector128<int>.Count; i += Vector128<int>.Count)
        {
            lowest = Vector128.Min(lowest, Vector128.LoadUnsafe(ref first, (nuint)i));
        }

        int minimum = Math.Min(Math.Min(lowest[0], lowest[1]), Math.Min(lowest[2], lowest[3]));
        return ranks.IndexOf(minimum);
    }
}
