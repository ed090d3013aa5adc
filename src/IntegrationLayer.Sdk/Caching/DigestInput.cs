using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Collects values to be digested together. Each is written with its length, so that no two sequences of values look alike.</summary>
internal sealed class DigestInput : IDisposable
{
    // A larger buffer is left to the collector.
    private const int LargestKept = 64 * 1024;
    private const int Null = -1;

    [ThreadStatic]
    private static DigestInput? _kept;

    private byte[] _bytes = new byte[1024];
    private int _length;

    private DigestInput()
    {
    }

    /// <summary>Gets an empty input; each thread keeps one.</summary>
    public static DigestInput Rent()
    {
        DigestInput input = _kept ?? new DigestInput();
        _kept = null;
        return input;
    }

    /// <summary>Adds a text, in UTF-8.</summary>
    public void Add(string? text)
    {
        if (text is null)
        {
            Add(Null);
            return;
        }

        Span<byte> free = Free(sizeof(int) + Encoding.UTF8.GetMaxByteCount(text.Length));
        int written = Encoding.UTF8.GetBytes(text, free[sizeof(int)..]);
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

    /// <summary>Digests what was added.</summary>
    /// <returns>SHA-256, in lower-case hexadecimal.</returns>
    public string Digest()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_bytes.AsSpan(0, _length), hash);
        return Convert.ToHexStringLower(hash);
    }

    public void Dispose()
    {
        _length = 0;
        _kept = _bytes.Length <= LargestKept ? this : null;
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
