using System.Buffers.Binary;
using System.Text;
using IntegrationLayer.Sdk.Analytics.Storage;

namespace IntegrationLayer.Sdk.Analytics.Journal;

/// <summary>Writes frames one behind the other: length, checksum, sequence number, content.</summary>
internal sealed class FrameWriter
{
    /// <summary>Length and checksum of four bytes each, and the sequence number.</summary>
    public const int HeaderLength = 16;

    private byte[] _bytes = new byte[64 << 10];
    private int _length;
    private int _frame;

    /// <summary>Gets what was written.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    /// <summary>Gets how many bytes were written.</summary>
    public int Length => _length;

    /// <summary>Begins a frame.</summary>
    public void Begin(long sequence)
    {
        _frame = _length;
        Reserve(HeaderLength);
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(_frame + 8), sequence);
        _length += HeaderLength;
    }

    /// <summary>Ends the frame: its length and checksum are known now.</summary>
    /// <returns>Whether it is short enough to be read again.</returns>
    public bool TryEnd()
    {
        Span<byte> frame = _bytes.AsSpan(_frame, _length - _frame);
        BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length - HeaderLength);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Crc32C.Of(frame[8..]));
        return frame.Length - HeaderLength <= JournalSegment.MaxLength;
    }

    /// <summary>Takes the frame back.</summary>
    public void Cancel() => _length = _frame;

    /// <summary>Forgets everything written.</summary>
    public void Clear() => _length = 0;

    public void Byte(byte value)
    {
        Reserve(1);
        _bytes[_length++] = value;
    }

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Number(ulong value)
    {
        Reserve(10);
        for (; value >= 0x80; value >>= 7)
        {
            _bytes[_length++] = (byte)(value | 0x80);
        }

        _bytes[_length++] = (byte)value;
    }

    /// <summary>Writes a number that may be negative, small ones of either sign in few bytes.</summary>
    public void Signed(long value) => Number((ulong)((value << 1) ^ (value >> 63)));

    public void Float(float value)
    {
        Reserve(sizeof(float));
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.AsSpan(_length), value);
        _length += sizeof(float);
    }

    /// <summary>Writes a text behind its length and one, or zero for none.</summary>
    public void Text(string? text)
    {
        if (text is null)
        {
            Number(0);
            return;
        }

        text = StorableText.Of(text);
        int length = Encoding.UTF8.GetByteCount(text);
        Number((ulong)length + 1);
        Reserve(length);
        _length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length));
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - _length < count)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + count));
        }
    }
}
