using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AotSmoke;

/// <summary>Answers like the gateway, over a bare socket: one request a connection.</summary>
internal sealed class WireStub : IAsyncDisposable
{
    private const string Usage = """{"prompt_tokens":11,"completion_tokens":2,"total_tokens":13}""";
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _serving;

    private WireStub()
    {
        _listener.Start();
        Endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1/");
        _serving = ServeAsync();
    }

    /// <summary>The gateway's address.</summary>
    public Uri Endpoint { get; }

    /// <summary>Opens a free port and begins to answer.</summary>
    public static WireStub Start() => new();

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient connection = await _listener.AcceptTcpClientAsync();
                await using NetworkStream stream = connection.GetStream();
                string body = await ReadBodyAsync(stream);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(Answer(body)));
                connection.Client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The listener was closed: the end.
        }
    }

    private static async Task<string> ReadBodyAsync(NetworkStream stream)
    {
        using StreamReader reader = new(stream, Encoding.UTF8, leaveOpen: true);
        int length = 0;
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            {
                length = int.Parse(line.AsSpan("Content-Length:".Length), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
            }
        }

        char[] body = new char[length];
        await reader.ReadBlockAsync(body);
        return new string(body);
    }

    private static string Answer(string request) =>
        request.Contains("\"stream\":true", StringComparison.Ordinal) ? Stream()
        : request.Contains("json_schema", StringComparison.Ordinal) ? Whole("""{\"name\":\"Paris\",\"inhabitants\":2100000}""")
        : Whole("Hello there");

    private static string Whole(string content) => Response(
        "application/json",
        "{\"id\":\"1\",\"object\":\"chat.completion\",\"created\":1700000000,\"model\":\"stub\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
            + content + "\"},\"finish_reason\":\"stop\"}],\"usage\":" + Usage + "}");

    private static string Stream() => Response(
        "text/event-stream",
        Event("""{"role":"assistant","content":"Hello"}""", "null") + Event("""{"content":" there"}""", "null") + Event("{}", "\"stop\"")
            + "data: {\"choices\":[],\"usage\":" + Usage + "}\n\ndata: [DONE]\n\n");

    private static string Event(string delta, string finishReason) =>
        "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"stub\",\"choices\":[{\"index\":0,\"delta\":"
            + delta + ",\"finish_reason\":" + finishReason + "}]}\n\n";

    private static string Response(string contentType, string body) =>
        $"HTTP/1.1 200 OK\r\nContent-Type: {contentType}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";
}
