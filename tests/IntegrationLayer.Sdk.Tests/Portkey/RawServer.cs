using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IntegrationLayer.Sdk.Tests.Portkey;

/// <summary>A server that answers each connection with bytes as they are, for what a well-behaved server never does.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<NetworkStream, Task> _answer;
    private readonly Task _loop;

    public RawServer(Func<NetworkStream, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _loop = RunAsync();
    }

    public RawServer(string answer, bool resets = false)
        : this(async stream =>
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(answer));
            if (resets)
            {
                stream.Socket.LingerState = new LingerOption(true, 0);
            }
        })
    {
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1/");

    public string Received { get; private set; } = "";

    public int Connections { get; private set; }

    /// <summary>Waits until the other side closes the connection.</summary>
    public static async Task WaitForEndAsync(NetworkStream stream)
    {
        byte[] buffer = new byte[256];
        while (await stream.ReadAsync(buffer) > 0)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _loop;
    }

    private async Task RunAsync()
    {
        List<Task> open = [];
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                Connections++;
                open.Add(ServeAsync(client));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                Received = await ReadRequestAsync(stream);
                await _answer(stream);
            }
            catch (IOException)
            {
            }
        }
    }

    private static async Task<string> ReadRequestAsync(NetworkStream stream)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[64 * 1024];
        while (true)
        {
            int count = await stream.ReadAsync(buffer);
            if (count == 0)
            {
                return text.ToString();
            }

            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
            string all = text.ToString();
            int end = all.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
            {
                continue;
            }

            int header = all.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
            int length = header < 0 ? 0 : int.Parse(all[(header + 16)..all.IndexOf('\r', header)], System.Globalization.CultureInfo.InvariantCulture);
            if (all.Length >= end + 4 + length)
            {
                return all;
            }
        }
    }
}
