using System.Runtime.CompilerServices;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>
/// An HTTP/1.1 connection that tells whether it was stale: it had answered before, and ended without a byte of an answer to what was written since.
/// The platform, which knows it too, doesn't tell, and doesn't send a request with a body again.
/// </summary>
internal sealed class ReusedConnection(Stream connection) : Stream
{
    private bool _hasAnswered;
    private bool _isWaiting;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private bool IsStale => _hasAnswered && _isWaiting;

    /// <summary>Watches a connection that was made, unless many requests share it.</summary>
    public static ValueTask<Stream> WatchAsync(SocketsHttpPlaintextStreamFilterContext context, CancellationToken cancellationToken) =>
        new(context.NegotiatedHttpVersion.Major >= 2 ? context.PlaintextStream : new ReusedConnection(context.PlaintextStream));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask<int> reading = connection.ReadAsync(buffer, cancellationToken);
        return reading.IsCompletedSuccessfully ? new(Note(reading.Result, buffer.Length)) : AwaitReadAsync(reading, buffer.Length);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _isWaiting = true;
        try
        {
            await connection.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception) when (IsStale)
        {
            throw new StaleConnectionException(exception);
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => connection.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Requests are asynchronous.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Requests are asynchronous.");

    public override void Flush() => connection.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            connection.Dispose();
        }

        base.Dispose(disposing);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> AwaitReadAsync(ValueTask<int> reading, int wanted)
    {
        try
        {
            return Note(await reading.ConfigureAwait(false), wanted);
        }
        catch (IOException exception) when (IsStale)
        {
            throw new StaleConnectionException(exception);
        }
    }

    // Reading nothing into nothing is how the platform waits for bytes.
    private int Note(int count, int wanted)
    {
        if (count > 0)
        {
            _isWaiting = false;
            _hasAnswered = true;
        }
        else if (wanted > 0 && IsStale)
        {
            throw new StaleConnectionException(innerException: null);
        }

        return count;
    }
}
