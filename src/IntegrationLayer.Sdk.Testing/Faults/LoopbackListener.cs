using System.Net;
using System.Net.Sockets;

namespace IntegrationLayer.Sdk.Testing.Faults;

/// <summary>A port of 127.0.0.1 that listens or refuses, and is nobody else's meanwhile.</summary>
internal sealed class LoopbackListener : IDisposable
{
    private const int Backlog = 512;

    // Bound but never listening: it keeps the port while nothing listens, so that neither another server nor an outgoing connection gets it.
    private readonly Socket _reservation = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public LoopbackListener()
    {
        _reservation.Bind(new IPEndPoint(IPAddress.Loopback, port: 0));
        EndPoint = (IPEndPoint)_reservation.LocalEndPoint!;

        // Only now: a port that is shared from the beginning may be one that is shared already.
        Share(_reservation);
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Begins to listen.</summary>
    /// <returns>The listening socket; when it is disposed, connections are refused again.</returns>
    public Socket Listen()
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Share(listener);
        listener.Bind(EndPoint);
        listener.Listen(Backlog);
        return listener;
    }

    public void Dispose() => _reservation.Dispose();

    private static void Share(Socket socket) => socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
}
