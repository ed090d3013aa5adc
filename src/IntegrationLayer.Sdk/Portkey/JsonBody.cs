using System.Net;
using System.Net.Http.Headers;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>A JSON request body in a pooled buffer. Its length is known, so it is sent neither chunked nor copied.</summary>
internal sealed class JsonBody : HttpContent
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private readonly PooledBuffer _buffer;
    private int _writers;

    public JsonBody(PooledBuffer buffer)
    {
        // It is kept until the answer comes; the writer asks for room for the worst case.
        buffer.Trim();
        _buffer = buffer;
        Headers.ContentType = Json;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _writers);
        await stream.WriteAsync(_buffer.Memory, cancellationToken).ConfigureAwait(false);
        Interlocked.Decrement(ref _writers);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _buffer.Length;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // A write that was broken off may still hold the array: then the collector gets it, not the pool.
            if (Volatile.Read(ref _writers) > 0)
            {
                _buffer.Abandon();
            }
            else
            {
                _buffer.Dispose();
            }
        }

        base.Dispose(disposing);
    }
}
