using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>Splits UTF-8 text into the pieces that byte pair encoding works on, as o200k_base's published regular expression does.</summary>
/// <remarks>
/// In order of preference, a piece is: one character that is no letter, digit or line break, then letters (capitals before small
/// ones, at least one), then an English contraction; one to three digits; a space, punctuation, then line breaks and slashes; white
/// space up to the last line break in it; white space but for the last character before a word; white space.
/// Combining marks count as letters that have no case. Written by hand because a regular expression is ten times slower.
/// </remarks>
internal static class TextSplitter
{
    private const byte Other = 0;
    private const byte Space = 1;
    private const byte LineBreak = 2;
    private const byte Digit = 3;
    private const byte Upper = 4;
    private const byte Lower = 5;
    private const byte Caseless = 6;
    private const byte Mark = 7;

    // The class of each ASCII character, by the numbers above.
    private static ReadOnlySpan<byte> AsciiClasses =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 1, 1, 2, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 0, 0, 0, 0, 0, 0,
        0, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4,
        4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 0, 0, 0, 0, 0,
        0, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5,
        5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0, 0, 0, 0, 0,
    ];

    /// <summary>Finds the end of the piece that begins at a position.</summary>
    /// <param name="text">The first byte of the text. <see cref="AsciiLetters.Length"/> zeros must follow its end.</param>
    /// <param name="position">Where the piece begins; before <paramref name="length"/>.</param>
    /// <param name="length">The length of the text.</param>
    /// <param name="letters">A map of the text's letters, kept from piece to piece.</param>
    /// <returns>The position behind the piece; at least one more than <paramref name="position"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int EndOfPiece(ref byte text, int position, int length, ref AsciiLetters letters)
    {
        byte first = Unsafe.Add(ref text, position);
        int word = position + (IsAsciiLetter(first) ? 0 : 1);
        if (first < 0x80 && first is not (byte)'\r' and not (byte)'\n' && !char.IsAsciiDigit((char)first))
        {
            int letterCount = letters.WordLength(ref text, word);
            int end = word + letterCount;
            byte next = Unsafe.Add(ref text, end);
            if (letterCount > 0 && !AsciiLetters.MayGoOn(letterCount) && next < 0x80)
            {
                return next == (byte)'\'' ? end + ContractionLength(ref Unsafe.Add(ref text, end)) : end;
            }
        }

        return EndOfAnyPiece(ref text, position, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsAsciiLetter(byte value) => (uint)((value | 0x20) - 'a') <= 'z' - 'a';

    private static int ContractionLength(ref byte apostrophe)
    {
        int first = Unsafe.Add(ref apostrophe, 1) | 0x20;
        int second = Unsafe.Add(ref apostrophe, 2) | 0x20;
        return (first, second) switch
        {
            ('s' or 't' or 'm' or 'd', _) => 2,
            ('r' or 'v', 'e') or ('l', 'l') => 3,
            _ => 0,
        };
    }

    private static int EndOfAnyPiece(ref byte text, int position, int length)
    {
        byte first = ClassAt(ref text, position, length, out int afterFirst);
        if (first >= Upper)
        {
            // A mark may also be the character before the letters, which is tried first.
            int end = first == Mark && ClassAt(ref text, afterFirst, length, out _) >= Upper
                ? EndOfWordAfterMark(ref text, position, afterFirst, length)
                : EndOfWord(ref text, position, length, out _);
            return end;
        }

        if (first is Other or Space && ClassAt(ref text, afterFirst, length, out _) >= Upper)
        {
            return EndOfWord(ref text, afterFirst, length, out _);
        }

        return first switch
        {
            Digit => EndOfNumber(ref text, afterFirst, length),
            Other => EndOfPunctuation(ref text, afterFirst, length),
            _ when IsPunctuationAfterSpace(ref text, position, length) => EndOfPunctuation(ref text, position + 1, length),
            _ => EndOfWhiteSpace(ref text, position, length),
        };
    }

    private static int EndOfWordAfterMark(ref byte text, int mark, int word, int length)
    {
        int end = EndOfWord(ref text, word, length, out bool endsInSmall);
        return endsInSmall ? end : EndOfWord(ref text, mark, length, out _);
    }

    // [Upper or caseless]* [lower or caseless]+, else [upper or caseless]+ [lower or caseless]*; then a contraction.
    private static int EndOfWord(ref byte text, int position, int length, out bool endsInSmall)
    {
        int afterCaseless = -1;
        int end = position;
        byte kind = ClassAt(ref text, end, length, out int next);
        while (kind is Upper or Caseless or Mark)
        {
            afterCaseless = kind == Upper ? afterCaseless : next;
            end = next;
            kind = ClassAt(ref text, end, length, out next);
        }

        endsInSmall = kind == Lower || afterCaseless >= 0;
        if (kind == Lower)
        {
            while (kind is Lower or Caseless or Mark)
            {
                end = next;
                kind = ClassAt(ref text, end, length, out next);
            }
        }
        else if (afterCaseless >= 0)
        {
            // The last caseless letter plays the small one that the pattern asks for; capitals behind it begin a new piece.
            end = afterCaseless;
        }

        return end < length && Unsafe.Add(ref text, end) == (byte)'\'' ? end + ContractionLength(ref Unsafe.Add(ref text, end)) : end;
    }

    private static int EndOfNumber(ref byte text, int position, int length)
    {
        int end = position;
        for (int digits = 1; digits < 3 && ClassAt(ref text, end, length, out int next) == Digit; digits++)
        {
            end = next;
        }

        return end;
    }

    private static bool IsPunctuationAfterSpace(ref byte text, int position, int length) =>
        Unsafe.Add(ref text, position) == (byte)' '
        && position + 1 < length
        && ClassAt(ref text, position + 1, length, out _) is Other or Mark;

    private static int EndOfPunctuation(ref byte text, int position, int length)
    {
        int end = position;
        while (ClassAt(ref text, end, length, out int next) is Other or Mark && end < length)
        {
            end = next;
        }

        while (end < length && Unsafe.Add(ref text, end) is (byte)'\r' or (byte)'\n' or (byte)'/')
        {
            end++;
        }

        return end;
    }

    private static int EndOfWhiteSpace(ref byte text, int position, int length)
    {
        int end = position;
        int last = position;
        int afterBreak = -1;
        while (end < length)
        {
            byte kind = ClassAt(ref text, end, length, out int next);
            if (kind is not Space and not LineBreak)
            {
                break;
            }

            last = end;
            end = next;
            afterBreak = kind == LineBreak ? next : afterBreak;
        }

        if (afterBreak >= 0)
        {
            return afterBreak;
        }

        return end < length && last > position ? last : end;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte ClassAt(ref byte text, int position, int length, out int next)
    {
        byte value = Unsafe.Add(ref text, position);
        next = position + 1;
        return value < 0x80
            ? Unsafe.Add(ref MemoryMarshal.GetReference(AsciiClasses), value)
            : ClassOfRune(ref text, position, length, out next);
    }

    private static byte ClassOfRune(ref byte text, int position, int length, out int next)
    {
        ReadOnlySpan<byte> rest = MemoryMarshal.CreateReadOnlySpan(
            ref Unsafe.Add(ref text, position), Math.Min(4, length - position));
        Rune.DecodeFromUtf8(rest, out Rune rune, out int consumed);
        next = position + Math.Max(1, consumed);
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => Upper,
            UnicodeCategory.LowercaseLetter => Lower,
            UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Caseless,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => Mark,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Digit,
            UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => Space,
            _ when rune.Value == 0x85 => Space,
            _ => Other,
        };
    }
}
