using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>Which of 64 bytes are ASCII capitals and which are small letters, a bit each.</summary>
/// <remarks>Found for 64 bytes at once, because finding each word's end from memory costs three times as much as from these bits.</remarks>
internal struct AsciiLetters
{
    /// <summary>Bytes that one map covers, and that must be readable from its start.</summary>
    public const int Length = 64;

    // The longest word that is looked up; a map that covers less of the text ahead is renewed.
    private const int Reach = 16;

    private ulong _capitals;
    private ulong _smalls;
    private int _start;

    /// <summary>Creates a map that covers nothing yet.</summary>
    public AsciiLetters() => _start = -Length;

    /// <summary>The number of capitals, then small letters, at a position: a word, as far as it is ASCII.</summary>
    /// <param name="text">The first byte of the text.</param>
    /// <param name="position">Where the word begins.</param>
    /// <returns>Its length; <see cref="Reach"/> or more means that it may go on.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int WordLength(ref byte text, int position)
    {
        int offset = position - _start;
        if (offset > Length - Reach)
        {
            Renew(ref Unsafe.Add(ref text, position));
            _start = position;
            offset = 0;
        }

        int leading = BitOperations.TrailingZeroCount(~(_capitals >> offset));
        return leading + BitOperations.TrailingZeroCount(~(_smalls >> offset >> leading));
    }

    /// <summary>Whether a word of this length may go on behind what the map covers.</summary>
    /// <param name="length">A result of <see cref="WordLength"/>.</param>
    /// <returns>Whether to look at the text itself.</returns>
    public static bool MayGoOn(int length) => length >= Reach;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Renew(ref byte start)
    {
        _capitals = Bits(ref start, 'A');
        _smalls = Bits(ref start, 'a');
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(ref byte start, char first) =>
        Bits16(ref start, first)
        | (Bits16(ref Unsafe.Add(ref start, 16), first) << 16)
        | (Bits16(ref Unsafe.Add(ref start, 32), first) << 32)
        | (Bits16(ref Unsafe.Add(ref start, 48), first) << 48);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits16(ref byte start, char first) =>
        Vector128.LessThan(Vector128.LoadUnsafe(ref start) - Vector128.Create((byte)first), Vector128.Create((byte)26)).ExtractMostSignificantBits();
}
