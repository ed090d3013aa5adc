using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IntegrationLayer.Sdk.Integration.Tests.FaultMatrix;

/// <summary>A server that answers with a stream of comments that ends only when its client hangs up.</summary>
internal sealed class EndlessServer : IAsyncDisposable
{
    private static readonly byte[] Head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"u8.ToArray();
    private static readonly byte[] Comments = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(": still working\n\n", 4_096)));
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _serving;
    private long _sent;

    public EndlessServer()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}/v1/");

    /// <summary>Gets what completes when the client has hung up.</summary>
    public Task Ended => _serving;

    /// <summary>Gets how many bytes were sent.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ServeAsync()
    {
        using TcpClient client = await _listener.AcceptTcpClientAsync();
        NetworkStream stream = client.GetStream();
        await stream.ReadAtLeastAsync(new byte[64 * 1024], minimumBytes: 1);
        try
        {
            await stream.WriteAsync(Head);
            while (true)
            {
                await stream.WriteAsync(Comments);
                Interlocked.Add(ref _sent, Comments.Length);
            }
        }
        catch (IOException)
        {
            // The client has hung up.
        }
    }
}
