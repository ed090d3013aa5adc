using System.Net;
using System.Net.Sockets;

namespace IntegrationLayer.Sdk.Testing.Faults;

/// <summary>A client's connection and the one to the server that belongs to it.</summary>
internal static class ProxyConnection
{
    private static readonly LingerOption Abortive = new(enable: true, seconds: 0);

    /// <summary>Passes everything on in both directions until the connection is over.</summary>
    public static async Task RunAsync(FaultProxy proxy, int number, Socket client, EndPoint target, CancellationToken stop)
    {
        using (client)
        using (Socket server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true })
        {
            FlowEnd end = await ConnectAsync(server, target, stop).ConfigureAwait(false)
                ? await PassAsync(proxy, number, client, server, stop).ConfigureAwait(false)
                : FlowEnd.Reset;
            if (end is FlowEnd.Reset)
            {
                client.LingerState = Abortive;
                server.LingerState = Abortive;
            }
        }
    }

    // A server that can't be reached looks like one that resets.
    private static async Task<bool> ConnectAsync(Socket server, EndPoint target, CancellationToken stop)
    {
        try
        {
            await server.ConnectAsync(target, stop).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task<FlowEnd> PassAsync(FaultProxy proxy, int number, Socket client, Socket server, CancellationToken stop)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task<FlowEnd> up = new ProxyFlow(proxy, number, client, server, isUpstream: true).RunAsync(over.Token);
        Task<FlowEnd> down = new ProxyFlow(proxy, number, server, client, isUpstream: false).RunAsync(over.Token);
        Task<FlowEnd> first = await Task.WhenAny(up, down).ConfigureAwait(false);
        if (await first.ConfigureAwait(false) is not FlowEnd.Ended)
        {
            await over.CancelAsync().ConfigureAwait(false);
        }

        FlowEnd[] ends = await Task.WhenAll(up, down).ConfigureAwait(false);
        return ends.Max();
    }
}
