using System.Buffers;

namespace IntegrationLayer.Sdk.Testing.Faults;

/// <summary>Bytes that were read at once.</summary>
internal sealed class FlowChunk(byte[] buffer, int count, int number, TimeSpan readAt)
{
    private int _sent;

    /// <summary>Which chunk of the flow it is, from 0.</summary>
    public int Number => number;

    /// <summary>When it was read, counted from the start of the proxy.</summary>
    public TimeSpan ReadAt => readAt;

    /// <summary>The bytes that were not sent yet.</summary>
    public ReadOnlyMemory<byte> Rest => buffer.AsMemory(_sent, count - _sent);

    /// <summary>Notes that bytes were sent.</summary>
    /// <returns>Whether more are left; when not, the memory goes back to its pool.</returns>
    public bool Advance(int sent)
    {
        _sent += sent;
        if (_sent < count)
        {
            return true;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return false;
    }
}
