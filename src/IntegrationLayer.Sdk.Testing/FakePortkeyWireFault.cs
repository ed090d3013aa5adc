using System.Globalization;
using System.IO.Compression;
using System.Text;
using IntegrationLayer.Sdk.Testing.Wire;

namespace IntegrationLayer.Sdk.Testing;

/// <summary>
/// An answer that breaks the rules of HTTP, or strains them: what broken proxies and hostile servers send. It takes a connection, so the
/// fake must run as a server (<see cref="FakePortkey.StartServerAsync"/>); in process it is an <see cref="InvalidOperationException"/>.
/// </summary>
public sealed class FakePortkeyWireFault : FakePortkeyAnswer
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    private const int RefusedStreamCode = 7;
    private const int Mebibyte = 1024 * 1024;
    private readonly string _name;
    private readonly Func<WireContext, WireResponse> _play;
    private readonly bool _waits;

    private FakePortkeyWireFault(string name, Func<WireContext, WireResponse> play, bool waits = false)
    {
        _name = name;
        _play = play;
        _waits = waits;
    }

    internal override bool NeedsClock => _waits;

    /// <summary>The connection is closed without any byte of an answer. (<see cref="FakePortkeyAnswer.Reset"/> resets it.)</summary>
    /// <returns>The fault.</returns>
    public static FakePortkeyWireFault Close() => Bytes(nameof(Close), "");

    /// <summary>Headers come one byte at a time and never end.</summary>
    /// <param name="interval">The time between two bytes, by the fake's clock.</param>
    /// <returns>The fault.</returns>
    public static FakePortkeyWireFault DrippingHeaders(TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        return new FakePortkeyWireFault(nameof(DrippingHeaders), _ => new WireResponse { Status = 200, Steps = Drip(interval) }, waits: true);
    }

    /// <summary>One header of so many bytes.</summary>
    /// <param name="bytes">Its size; .NET's clients accept 64 KiB of headers unless told otherwise.</param>
    /// <returns>The fault.</returns>
    public static FakePortkeyWireFault OversizedHeaders(int bytes = 70 * 1024)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        return Bytes($"{nameof(OversizedHeaders)} {bytes}", $"{Head}X-Large: {new string('a', bytes)}\r\nContent-Length: 2\r\n\r\n{{}}");
    }

    /// <summary>A header whose value holds a bare carriage return: the beginning of another header, for those who believe it.</summary>
    /// <returns>The fault.</returns>
    public static FakePortkeyWireFault HeaderInjection() => Bytes(nameof(HeaderInjection), $"{Head}X-Name: value\rX-Injected: 1\r\nContent-Length: 2\r\n\r\n{{}}");

    /// <summary>Two different lengths for one body: where it ends, and the next answer begins, is anybody's guess.</summary>
    /// <returns>The fault.</returns>
    public static FakePortkeyWireFault TwoContentLengths() => Bytes(nameof(TwoContentLengths), $"{Head}Content-Length: 2\r\nContent-Length: 20\r\n\r\n{{}}");

    /// <summary>A body that is shorter than its <c>Content-Length</c>, then the end of the connection.</summary>
    /// <returns>The fault.</returns>
    public static FakePortkeyWireFault ShortBody() => Bytes(nameof(ShortBody), $"{Head}Content-Length: 500\r\n\r\n{{\"id\":\"chatcmpl-fake\",\"choices\":[");

    /// <summary>A chunked body that ends within a chunk, then the end of the connection.</summary>
    /// <returns>The fault.</returns>
    public static FakePortkeyWireFault ShortChunk() => Bytes(nameof(ShortChunk), $"{Head}Transfer-Encoding: chunked\r\n\r\n40\r\n{{\"id\":\"chatcmpl-fake\"");

    /// <summary>A chunked body whose second chunk has no size.</summary>
    /// <returns>The fault.</returns>
    public static FakePortkeyWireFault BadChunk() => Bytes(nameof(BadChunk), $"{Head}Transfer-Encoding: chunked\r\n\r\n1\r\n{{\r\nno size\r\n}}\r\n0\r\n\r\n");

    /// <summary>An answer of a server that doesn't speak HTTP.</summary>
    /// <returns>The fault.</returns>
    public static FakePortkeyWireFault NotHttp() => Bytes(nameof(NotHttp), "SSH-2.0-OpenSSH_9.2p1\r\n\r\n");

    /// <summary>Interim answers (100 Continue, 103 Early Hints), then a good one: unusual, but right.</summary>
    /// <param name="reply">The good answer.</param>
    /// <returns>The fault.</returns>
    public static FakePortkeyWireFault InterimAnswers(FakePortkeyReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        WireStep interim = new WireStep.Raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"u8.ToArray());
        return new FakePortkeyWireFault(nameof(InterimAnswers), context => reply.Play(context).Preceded([interim]), reply.NeedsClock);
    }

    /// <summary>A good answer of which a few kilobytes on the wire become this much when decompressed.</summary>
    /// <param name="bytes">The size decompressed; a whole number of MiB is sent, at least one.</param>
    /// <returns>The fault.</returns>
    public static FakePortkeyWireFault DecompressionBomb(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        return Gzip($"{nameof(DecompressionBomb)} {bytes}", BombSteps(bytes));
    }

    /// <summary>An answer that says it is compressed and is not.</summary>
    /// <returns>The fault.</returns>
    public static FakePortkeyWireFault WrongEncoding() => Gzip(nameof(WrongEncoding), [new WireStep.Write("{\"id\":\"chatcmpl-fake\"}"u8.ToArray())]);

    /// <summary>
    /// HTTP/2: the stream is refused before anything was done about it (REFUSED_STREAM), so it is safe to send again. Needs
    /// <see cref="FakePortkeyOptions.Http2"/>.
    /// </summary>
    /// <returns>The fault.</returns>
    public static FakePortkeyWireFault RefusedStream() =>
        new(nameof(RefusedStream), _ => new WireResponse { Status = 200, Steps = [new WireStep.ResetStream(RefusedStreamCode)] });

    /// <summary>HTTP/2: a good answer on a connection that takes no more requests (GOAWAY). Needs <see cref="FakePortkeyOptions.Http2"/>.</summary>
    /// <param name="reply">The good answer.</param>
    /// <returns>The fault.</returns>
    public static FakePortkeyWireFault GoAway(FakePortkeyReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        return new FakePortkeyWireFault(nameof(GoAway), context => reply.Play(context).Preceded([new WireStep.GoAway()]), reply.NeedsClock);
    }

    /// <summary>Any bytes, after which the connection is closed.</summary>
    /// <param name="bytes">What is sent instead of an HTTP answer: one byte for each character, by Latin-1.</param>
    /// <returns>The fault.</returns>
    public static FakePortkeyWireFault Raw(string bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return Bytes(string.Create(CultureInfo.InvariantCulture, $"{nameof(Raw)} of {bytes.Length} bytes"), bytes);
    }

    /// <summary>The kind of fault.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => _name;

    internal override WireResponse Play(WireContext context) => _play(context);

    private static FakePortkeyWireFault Bytes(string name, string bytes)
    {
        WireStep[] steps = [new WireStep.Raw(Encoding.Latin1.GetBytes(bytes)), new WireStep.Close()];
        return new FakePortkeyWireFault(name, _ => new WireResponse { Status = 200, Steps = steps });
    }

    private static FakePortkeyWireFault Gzip(string name, IEnumerable<WireStep> steps) => new(name, _ =>
    {
        WireResponse response = new() { Status = 200, ContentType = "application/json", Steps = steps };
        response.Headers.Add(new("Content-Encoding", "gzip"));
        return response;
    });

    private static IEnumerable<WireStep> Drip(TimeSpan interval)
    {
        foreach (char letter in $"{Head}X-Slow: ")
        {
            yield return new WireStep.Raw(new[] { (byte)letter });
            yield return new WireStep.Wait(interval);
        }

        while (true)
        {
            yield return new WireStep.Raw("a"u8.ToArray());
            yield return new WireStep.Wait(interval);
        }
    }

    // One compressed piece after another is one compressed whole (RFC 1952, 2.2), so a piece is compressed once.
    private static IEnumerable<WireStep> BombSteps(long bytes)
    {
        yield return new WireStep.Write(Compress("{\"id\":\""u8));
        byte[] piece = new byte[Mebibyte];
        piece.AsSpan().Fill((byte)'a');
        ReadOnlyMemory<byte> compressed = Compress(piece);
        for (long sent = 0; sent < bytes; sent += Mebibyte)
        {
            yield return new WireStep.Write(compressed);
        }

        yield return new WireStep.Write(Compress("\"}"u8));
    }

    private static byte[] Compress(ReadOnlySpan<byte> bytes)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.SmallestSize))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }
}
