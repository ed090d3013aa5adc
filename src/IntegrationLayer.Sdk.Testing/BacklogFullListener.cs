using System.Net;
using System.Net.Sockets;

namespace IntegrationLayer.Sdk.Testing;

/// <summary>
/// An address of 127.0.0.1 where no connection is ever made nor refused, as behind a firewall that drops everything: clients wait until their
/// own time is over. Its queue of connections is full, and nobody accepts them.
/// </summary>
/// <remarks>For Linux, where a full queue drops connections; Windows refuses them.</remarks>
public sealed class BacklogFullListener : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _first = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Begins to listen, and fills the queue.</summary>
    public BacklogFullListener()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port: 0));

        // A queue of length 0 takes one connection.
        _listener.Listen(backlog: 0);
        _first.Connect(_listener.LocalEndPoint!);
        Address = new Uri($"http://{_listener.LocalEndPoint}/v1/");
    }

    /// <summary>Gets the address, for example <c>http://127.0.0.1:41234/v1/</c>.</summary>
    public Uri Address { get; }

    /// <summary>Stops listening; connections are then refused.</summary>
    public void Dispose()
    {
        _first.Dispose();
        _listener.Dispose();
    }
}
