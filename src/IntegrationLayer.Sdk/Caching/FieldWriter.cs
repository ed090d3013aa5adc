using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Writes values one after the other, each with its length, so that no two sequences of values look alike.</summary>
internal sealed class FieldWriter
{
    // A larger buffer is left to the collector.
    private const int LargestKept = 64 * 1024;
    private const int Null = -1;

    // A text that isn't well-formed has no UTF-8: replacement characters would make it look like others.
    internal const int IllFormed = -2;

    private byte[] _bytes = new byte[1024];
    private int _length;

    /// <summary>Gets what was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>Adds a text, in UTF-8; one that isn't well-formed as it is.</summary>
    public void Add(string? text)
    {
        if (text is null)
        {
            Add(Null);
            return;
        }

        Span<byte> free = Free(sizeof(int) + Encoding.UTF8.GetMaxByteCount(text.Length));
        if (Utf8.FromUtf16(text, free[sizeof(int)..], out _, out int written, replaceInvalidSequences: false) is not OperationStatus.Done)
        {
            Add(IllFormed);
            Add(MemoryMarshal.AsBytes(text.AsSpan()));
            return;
        }

        BinaryPrimitives.WriteInt32LittleEndian(free, written);
        _length += sizeof(int) + written;
    }

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Add(bytes.Length);
        bytes.CopyTo(Free(bytes.Length));
        _length += bytes.Length;
    }

    /// <summary>Adds a number, by its bytes.</summary>
    public void Add<T>(T number)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in number));
        bytes.CopyTo(Free(bytes.Length));
        _length += bytes.Length;
    }

    /// <summary>Adds a number that may be missing.</summary>
    public void Add<T>(T? number)
        where T : unmanaged
    {
        Add(number.HasValue ? (byte)1 : (byte)0);
        Add(number.GetValueOrDefault());
    }

    /// <summary>Forgets what was written.</summary>
    public void Clear()
    {
        _length = 0;
        if (_bytes.Length > LargestKept)
        {
            _bytes = new byte[1024];
        }
    }

    private Span<byte> Free(int size)
    {
        if (_bytes.Length - _length < size)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(_bytes.Length * 2L, checked(_length + size))));
        }

        return _bytes.AsSpan(_length);
    }
}
