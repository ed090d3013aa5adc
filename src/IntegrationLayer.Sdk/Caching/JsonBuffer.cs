using System.Buffers;
using System.Text.Json;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>A JSON writer with the buffer that it writes to; each thread keeps one.</summary>
internal sealed class JsonBuffer : IDisposable
{
    // A larger buffer is left to the collector.
    private const int LargestKept = 64 * 1024;

    [ThreadStatic]
    private static JsonBuffer? _kept;

    private readonly ArrayBufferWriter<byte> _bytes = new(1024);

    private JsonBuffer() => Writer = new Utf8JsonWriter(_bytes);

    public Utf8JsonWriter Writer { get; }

    /// <summary>Gets what was written and flushed; valid until the buffer is disposed.</summary>
    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>Gets an empty buffer.</summary>
    public static JsonBuffer Rent()
    {
        JsonBuffer buffer = _kept ?? new JsonBuffer();
        _kept = null;
        return buffer;
    }

    public void Dispose()
    {
        _bytes.ResetWrittenCount();
        Writer.Reset();
        _kept = _bytes.Capacity <= LargestKept ? this : null;
    }
}
