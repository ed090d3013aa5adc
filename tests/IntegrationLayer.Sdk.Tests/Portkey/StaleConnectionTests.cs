using System.Net;
using System.Net.Sockets;
using System.Text;
using IntegrationLayer.Sdk.Portkey;

namespace IntegrationLayer.Sdk.Tests.Portkey;

/// <summary>A connection that was kept open for the next call, and is closed as that is sent.</summary>
internal sealed class StaleConnectionTests
{
    private static readonly byte[] Answer = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Call.Answer.Length}\r\n\r\n{Call.Answer}");

    [Test]
    public async Task Call_is_sent_again_once_on_another_connection([Values] bool isReset)
    {
        await using KeptServer server = new(async (stream, connection, request) =>
        {
            if (connection == 1 && request == 2)
            {
                stream.Socket.LingerState = isReset ? new LingerOption(true, 0) : new LingerOption(false, 0);
                return false;
            }

            await stream.WriteAsync(Answer);
            return true;
        });
        PortkeyGateway gateway = server.CreateGateway();

        await gateway.SendAsync(Call.Chat(), default);
        string second = (await gateway.SendAsync(Call.Chat(), default)).Content.Text;

        Assert.That(second, Is.EqualTo("Hello"));
        Assert.That(server.Requests, Is.EqualTo(["1.1", "1.2", "2.1"]));
    }

    [Test]
    public async Task New_connection_that_is_closed_is_not_stale()
    {
        await using KeptServer server = new((_, _, _) => Task.FromResult(false));

        LlmException failure = await Call.Failure(async () => await server.CreateGateway().SendAsync(Call.Chat(), default));

        Assert.That((failure.ErrorClass, failure.MayBeBilled), Is.EqualTo((LlmErrorClass.Network, true)));
        Assert.That(server.Requests, Is.EqualTo(["1.1"]));
    }

    [Test]
    public async Task Connection_that_breaks_within_an_answer_is_not_stale()
    {
        await using KeptServer server = new(async (stream, _, request) =>
        {
            await stream.WriteAsync(request == 1 ? Answer : "HTTP/1.1 200"u8.ToArray());
            return request == 1;
        });
        PortkeyGateway gateway = server.CreateGateway();
        await gateway.SendAsync(Call.Chat(), default);

        LlmException failure = await Call.Failure(async () => await gateway.SendAsync(Call.Chat(), default));

        Assert.That((failure.ErrorClass, failure.MayBeBilled), Is.EqualTo((LlmErrorClass.Network, true)));
        Assert.That(server.Requests, Is.EqualTo(["1.1", "1.2"]));
    }

    [Test]
    public async Task Second_failure_is_reported()
    {
        await using KeptServer server = new(async (stream, connection, request) =>
        {
            bool isFirst = connection == 1 && request == 1;
            if (isFirst)
            {
                await stream.WriteAsync(Answer);
            }

            return isFirst;
        });
        PortkeyGateway gateway = server.CreateGateway();
        await gateway.SendAsync(Call.Chat(), default);

        LlmException failure = await Call.Failure(async () => await gateway.SendAsync(Call.Chat(), default));

        Assert.That((failure.ErrorClass, failure.MayBeBilled), Is.EqualTo((LlmErrorClass.Network, true)));
        Assert.That(server.Requests, Is.EqualTo(["1.1", "1.2", "2.1"]));
    }

    [Test]
    public async Task Stream_that_is_watched_is_nothing_but_a_stream()
    {
        using MemoryStream inner = new();
        ReusedConnection connection = new(inner);

        await connection.WriteAsync(new byte[] { 1 });
        await connection.FlushAsync();
        connection.Flush();

        Assert.That(inner.ToArray(), Is.EqualTo(new byte[] { 1 }));
        Assert.That((connection.CanRead, connection.CanWrite, connection.CanSeek), Is.EqualTo((true, true, false)));
        Assert.Throws<NotSupportedException>(() => _ = connection.Read([], 0, 0));
        Assert.Throws<NotSupportedException>(() => connection.Write([], 0, 0));
        Assert.Throws<NotSupportedException>(() => connection.Seek(0, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => connection.SetLength(0));
        Assert.Throws<NotSupportedException>(() => _ = connection.Length);
        Assert.Throws<NotSupportedException>(() => _ = connection.Position);
        Assert.Throws<NotSupportedException>(() => connection.Position = 0);
        await connection.DisposeAsync();
        Assert.That(inner.CanRead, Is.False);
    }

    /// <summary>Answers several requests on a connection; an answer of <see langword="false"/> closes it.</summary>
    private sealed class KeptServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Func<NetworkStream, int, int, Task<bool>> _answer;
        private readonly List<Task> _connections = [];
        private readonly SocketsHttpHandler _handler;
        private readonly Task _loop;

        public KeptServer(Func<NetworkStream, int, int, Task<bool>> answer)
        {
            _answer = answer;
            _listener.Start();
            _loop = RunAsync();
            _handler = PortkeyHttpClient.CreateHandler(Options);
        }

        /// <summary>Gets the requests that came, as connection and number on it.</summary>
        public List<string> Requests { get; } = [];

        private PortkeyOptions Options => new() { Endpoint = new Uri($"http://{_listener.LocalEndpoint}/v1/") };

        public PortkeyGateway CreateGateway() => Call.Gateway(_handler, Options);

        public async ValueTask DisposeAsync()
        {
            _handler.Dispose();
            _listener.Stop();
            await _loop;
        }

        private async Task RunAsync()
        {
            try
            {
                while (true)
                {
                    TcpClient client = await _listener.AcceptTcpClientAsync();
                    _connections.Add(ServeAsync(client, _connections.Count + 1));
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                await Task.WhenAll(_connections);
            }
        }

        private async Task ServeAsync(TcpClient client, int connection)
        {
            using (client)
            {
                NetworkStream stream = client.GetStream();
                for (int request = 1; await ReadRequestAsync(stream); request++)
                {
                    Requests.Add($"{connection}.{request}");
                    if (!await _answer(stream, connection, request))
                    {
                        return;
                    }
                }
            }
        }

        // A request is small: what it ends in is enough to know that it is whole.
        private static async Task<bool> ReadRequestAsync(NetworkStream stream)
        {
            StringBuilder text = new();
            byte[] buffer = new byte[16 * 1024];
            while (!text.ToString().EndsWith('}'))
            {
                int count;
                try
                {
                    count = await stream.ReadAsync(buffer);
                }
                catch (IOException)
                {
                    return false;
                }

                if (count == 0)
                {
                    return false;
                }

                text.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }

            return true;
        }
    }
}
