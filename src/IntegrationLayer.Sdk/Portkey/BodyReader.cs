using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Reads whole bodies into pooled memory, counting the bytes after decompression.</summary>
internal static class BodyReader
{
    /// <summary>The one compression that is understood: every server knows it.</summary>
    public const string Encoding = "gzip";

    /// <summary>Reads a body.</summary>
    /// <param name="response">Whose body.</param>
    /// <param name="limit">The most bytes to accept.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The body; <see langword="null"/> if it is larger.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<PooledBuffer?> ReadAsync(HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        long? announced = LengthOf(response);
        if (announced > limit)
        {
            return null;
        }

        Stream body = await OpenAsync(response, cancellationToken).ConfigureAwait(false);
        PooledBuffer buffer = new((int)(announced + 1 ?? 4096));
        try
        {
            while (true)
            {
                int count = await body.ReadAsync(buffer.GetMemory(), cancellationToken).ConfigureAwait(false);
                if (count == 0)
                {
                    return buffer;
                }

                buffer.Advance(count);
                if (buffer.Length > limit)
                {
                    buffer.Dispose();
                    return null;
                }
            }
        }
        catch
        {
            // A read that was broken off may still write into the array: the pool must not get it.
            buffer.Abandon();
            throw;
        }
        finally
        {
            await body.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Opens a body, decompressed if the server has compressed it: that was asked for where a body is read as a whole, and a proxy may do it unasked.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<Stream> OpenAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return response.Content.Headers.NonValidated.TryGetValues("Content-Encoding", out HeaderStringValues encoding)
            && encoding.ToString().Equals(Encoding, StringComparison.OrdinalIgnoreCase)
                ? new GZipStream(body, CompressionMode.Decompress)
                : body;
    }

    // Not by the typed property, which parses under a lock and keeps what it parsed.
    private static long? LengthOf(HttpResponseMessage response) =>
        response.Content.Headers.NonValidated.TryGetValues("Content-Length", out HeaderStringValues values)
        && long.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long length)
            ? length
            : null;
}
