using System.Buffers;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Bytes in a rented array that grows; the array goes back to the pool when the buffer is disposed.</summary>
internal sealed class PooledBuffer(int capacity) : IBufferWriter<byte>, IDisposable
{
    // Larger ones are rare: the pool would keep them for long, one for each thread that had one.
    private const int LargestKept = 4 * 1024 * 1024;

    private byte[] _array = ArrayPool<byte>.Shared.Rent(Math.Max(capacity, 256));

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _array.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => _array.AsMemory(0, Length);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_array.Length - Length));
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureFree(sizeHint);
        return _array.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureFree(sizeHint);
        return _array.AsSpan(Length);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Length += bytes.Length;
    }

    public void Clear() => Length = 0;

    /// <summary>Takes away the mark that some servers begin UTF-8 with, which JSON doesn't know.</summary>
    public void DropByteOrderMark()
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        if (Span.StartsWith(mark))
        {
            Span[mark.Length..].CopyTo(_array);
            Length -= mark.Length;
        }
    }

    /// <summary>Moves into a smaller array if most of this one is empty, before the buffer is kept for long.</summary>
    public void Trim()
    {
        if (Length <= _array.Length / 2)
        {
            byte[] larger = _array;
            _array = ArrayPool<byte>.Shared.Rent(Length);
            larger.AsSpan(0, Length).CopyTo(_array);
            ArrayPool<byte>.Shared.Return(larger);
        }
    }

    /// <summary>Gives up the array without returning it, for when somebody may still be reading from it.</summary>
    public void Abandon()
    {
        _array = [];
        Length = 0;
    }

    public void Dispose()
    {
        byte[] array = _array;
        Abandon();
        Return(array);
    }

    private static void Return(byte[] array)
    {
        if (array.Length is > 0 and <= LargestKept)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private void EnsureFree(int sizeHint)
    {
        int needed = Math.Max(sizeHint, 1);
        if (_array.Length - Length >= needed)
        {
            return;
        }

        int size = checked(Length + needed);
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(size, _array.Length * 2L), Array.MaxLength));
        Span.CopyTo(larger);
        byte[] old = _array;
        _array = larger;
        Return(old);
    }
}
