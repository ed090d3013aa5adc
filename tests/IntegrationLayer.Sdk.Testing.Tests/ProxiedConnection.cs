using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IntegrationLayer.Sdk.Testing.Tests;

/// <summary>A proxy with both ends of the connections through it in the test's hands.</summary>
internal sealed class ProxiedConnection : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, port: 0);
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(30));
    private readonly List<Socket> _sockets = [];

    public ProxiedConnection(TimeProvider? time = null, long seed = 0)
    {
        _listener.Start();
        Proxy = FaultProxy.Start(new Uri($"tcp://{_listener.LocalEndpoint}"), new FaultProxyOptions { TimeProvider = time ?? TimeProvider.System, Seed = seed });
    }

    public FaultProxy Proxy { get; }

    /// <summary>Ends a test that would hang.</summary>
    public CancellationToken Limit => _limit.Token;

    public Socket Client { get; private set; } = null!;

    public Socket Server { get; private set; } = null!;

    /// <summary>Makes a connection through the proxy.</summary>
    public async Task ConnectAsync()
    {
        ValueTask<Socket> accepting = _listener.AcceptSocketAsync(Limit);
        Client = await DialAsync();
        Server = Keep(await accepting);
    }

    /// <summary>Connects to the proxy, whatever the proxy makes of it.</summary>
    public async Task<Socket> DialAsync()
    {
        Socket socket = Keep(new Socket(SocketType.Stream, ProtocolType.Tcp));
        await socket.ConnectAsync(IPAddress.Loopback, Proxy.Address.Port, Limit);
        return socket;
    }

    /// <summary>Connects to the proxy and reads until the connection is over. A reset may come before the connecting side has noticed that it is connected.</summary>
    /// <returns>Whether it was reset.</returns>
    public async Task<bool> IsResetAsync()
    {
        Socket socket;
        try
        {
            socket = await DialAsync();
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }

        return await IsResetAsync(socket);
    }

    /// <summary>Stops listening behind the proxy.</summary>
    public void StopServer() => _listener.Stop();

    public async Task SendAsync(Socket from, string text) => await from.SendAsync(Encoding.ASCII.GetBytes(text), Limit);

    /// <summary>Reads once.</summary>
    /// <returns>The text; empty at the end.</returns>
    public async Task<string> ReceiveAsync(Socket socket)
    {
        byte[] buffer = new byte[64 * 1024];
        return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, Limit));
    }

    /// <summary>Reads until so many bytes have come.</summary>
    public async Task<string> ReceiveAsync(Socket socket, int count)
    {
        StringBuilder text = new();
        while (text.Length < count)
        {
            string piece = await ReceiveAsync(socket);
            Assert.That(piece, Is.Not.Empty, "The connection ended too early.");
            text.Append(piece);
        }

        return text.ToString();
    }

    /// <summary>Reads until the connection is over.</summary>
    /// <returns>Whether it was reset.</returns>
    public async Task<bool> IsResetAsync(Socket socket)
    {
        try
        {
            while ((await ReceiveAsync(socket)).Length > 0)
            {
            }

            return false;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        _sockets.ForEach(socket => socket.Dispose());
        _listener.Dispose();
        _limit.Dispose();
    }

    private Socket Keep(Socket socket)
    {
        socket.NoDelay = true;
        _sockets.Add(socket);
        return socket;
    }
}
