using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Reads back what a <see cref="FieldWriter"/> wrote.</summary>
/// <param name="bytes">What was written.</param>
internal ref struct FieldReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _left = bytes;

    /// <summary>Gets a value indicating whether everything was read.</summary>
    public readonly bool IsAtEnd => _left.IsEmpty;

    /// <summary>Reads a number.</summary>
    /// <exception cref="FormatException">There is less.</exception>
    public T Read<T>()
        where T : unmanaged => MemoryMarshal.Read<T>(Take(Unsafe.SizeOf<T>()));

    /// <summary>Reads a text.</summary>
    /// <exception cref="FormatException">There is less.</exception>
    public string? ReadText()
    {
        int length = Read<int>();
        return length switch
        {
            FieldWriter.IllFormed => Encoding.Unicode.GetString(ReadBytes()),
            < 0 => null,
            _ => Encoding.UTF8.GetString(Take(length)),
        };
    }

    /// <summary>Reads bytes.</summary>
    /// <exception cref="FormatException">There is less.</exception>
    public ReadOnlySpan<byte> ReadBytes() => Take(Read<int>());

    private ReadOnlySpan<byte> Take(int length)
    {
        if ((uint)length > (uint)_left.Length)
        {
            throw new FormatException("The stored answer ends too early.");
        }

        ReadOnlySpan<byte> taken = _left[..length];
        _left = _left[length..];
        return taken;
    }
}
