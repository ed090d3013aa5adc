using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Reads whole bodies into pooled memory, counting the bytes after decompression.</summary>
internal static class BodyReader
{
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

        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
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
    }

    // Not by the typed property, which parses under a lock and keeps what it parsed.
    private static long? LengthOf(HttpResponseMessage response) =>
        response.Content.Headers.NonValidated.TryGetValues("Content-Length", out HeaderStringValues values)
        && long.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long length)
            ? length
            : null;
}
