using System.Net;
using System.Net.Sockets;

namespace IntegrationLayer.Sdk.TestSupport.Processes;

/// <summary>Picks TCP ports for servers that can't choose one themselves.</summary>
/// <remarks>
/// The ports lie below Linux's ephemeral range (32768 and up). A server that is stopped and started again on its port
/// therefore can't lose it to somebody's outgoing connection, and a client that dials a stopped server can't connect to itself.
/// </remarks>
public static class LoopbackPort
{
    private const int First = 20_000;
    private const int Count = 12_000;

    // Test processes that run side by side start their search in different places.
    private static int _next = unchecked(Environment.ProcessId * 97 % Count);

    /// <summary>A port that nothing listens on at this moment; never the same one twice in a row.</summary>
    /// <exception cref="InvalidOperationException">Every port of the range is taken.</exception>
    public static int Find()
    {
        for (int attempt = 0; attempt < Count; attempt++)
        {
            int port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"No free port on 127.0.0.1 between {First} and {First + Count - 1}.");
    }

    private static bool IsFree(int port)
    {
        using TcpListener listener = new(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
