using System.Buffers.Binary;

namespace IntegrationLayer.Sdk.Analytics.Journal;

/// <summary>Reads the content of one frame. Texts that repeat, as most do, are one string.</summary>
internal ref struct FrameReader(ReadOnlySpan<byte> content, TextPool texts)
{
    private ReadOnlySpan<byte> _rest = content;

    /// <summary>Gets a value indicating whether everything was read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    public byte Byte()
    {
        byte value = Need(1)[0];
        _rest = _rest[1..];
        return value;
    }

    public ulong Number()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("A number has more than 64 bits.");
    }

    public bool Flag() => Byte() != 0;

    /// <summary>Reads a number that counts or names something: none is longer than the content.</summary>
    public int Int() => Number() is <= JournalSegment.MaxLength and var value ? (int)value : throw new InvalidDataException("A number is too large.");

    public long Signed()
    {
        ulong value = Number();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public float Float()
    {
        float value = BinaryPrimitives.ReadSingleLittleEndian(Need(sizeof(float)));
        _rest = _rest[sizeof(float)..];
        return value;
    }

    public string? Text()
    {
        int length = Int() - 1;
        if (length < 0)
        {
            return null;
        }

        string text = texts.Get(Need(length)[..length]);
        _rest = _rest[length..];
        return text;
    }

    private readonly ReadOnlySpan<byte> Need(int count) =>
        count <= _rest.Length ? _rest : throw new InvalidDataException("The content of a record ends too early.");

    /// <summary>Finds the first whole frame in a piece of a journal.</summary>
    /// <param name="bytes">The piece.</param>
    /// <param name="sequence">Receives the frame's sequence number.</param>
    /// <param name="content">Receives its content.</param>
    /// <returns>How many bytes the frame takes; 0 if it may go on beyond the piece, −1 if no frame begins here.</returns>
    public static int Find(ReadOnlySpan<byte> bytes, out long sequence, out ReadOnlySpan<byte> content)
    {
        sequence = 0;
        content = default;
        if (bytes.Length < FrameWriter.HeaderLength)
        {
            return 0;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length is < 0 or > JournalSegment.MaxLength)
        {
            return -1;
        }

        if (bytes.Length - FrameWriter.HeaderLength < length)
        {
            return 0;
        }

        ReadOnlySpan<byte> frame = bytes[..(FrameWriter.HeaderLength + length)];
        if (BinaryPrimitives.ReadUInt32LittleEndian(frame[4..]) != Crc32C.Of(frame[8..]))
        {
            return -1;
        }

        sequence = BinaryPrimitives.ReadInt64LittleEndian(frame[8..]);
        content = frame[FrameWriter.HeaderLength..];
        return frame.Length;
    }
}
