namespace IntegrationLayer.Sdk.Models;

/// <summary>Whole numbers of seven bits a byte, the lowest first.</summary>
internal static class Varint
{
    /// <summary>The most bytes that a number takes.</summary>
    public const int MaxLength = 10;

    public static int Write(Span<byte> to, ulong value)
    {
        int length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            to[length++] = (byte)(value | 0x80);
        }

        to[length++] = (byte)value;
        return length;
    }

    /// <exception cref="FormatException">The bytes end within the number, or it is longer than 64 bits.</exception>
    public static ulong Read(ref ReadOnlySpan<byte> from)
    {
        ulong value = 0;
        for (int i = 0; i < from.Length && i < MaxLength; i++)
        {
            value |= (ulong)(from[i] & 0x7F) << (7 * i);
            if (from[i] < 0x80)
            {
                from = from[(i + 1)..];
                return value;
            }
        }

        throw new FormatException("The bytes end within a number.");
    }
}
