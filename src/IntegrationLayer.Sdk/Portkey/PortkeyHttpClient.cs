using System.Net;
using System.Security.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Sets up the HTTP client that calls the gateway.</summary>
internal static class PortkeyHttpClient
{
    /// <summary>Registers the client under <see cref="PortkeyDefaults.HttpClientName"/>.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="options">Gives the settings of the connection, read once when the client is made.</param>
    public static IHttpClientBuilder AddPortkeyHttpClient(this IServiceCollection services, Func<IServiceProvider, PortkeyOptions> options) =>
        services.AddHttpClient(PortkeyDefaults.HttpClientName)
            .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(provider => CreateHandler(options(provider)))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();

    /// <summary>Creates the handler that makes the connections.</summary>
    public static SocketsHttpHandler CreateHandler(PortkeyOptions options) => new()
    {
        // A redirect would carry the gateway's key and the prompt to another host.
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = TraceHeaders.Instance,
        // Bodies are decompressed where they are read: the platform's layer for it costs every request 300 bytes, streams too, which nobody wants compressed.
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = options.ConnectTimeout,

        // How many calls there may be at once is the pool's to say (Resilience:Gateways), where they wait in line, are counted, and are turned away.
        MaxConnectionsPerServer = int.MaxValue,

        // The gateway closes connections that idle for 5 seconds, yet passes on the provider's promise to keep them for longer.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(4),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        MaxResponseHeadersLength = 64,

        // HTTP/2: a connection that died without a word is found out while calls wait on it, and many calls get several connections.
        KeepAlivePingDelay = TimeSpan.FromSeconds(15),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        EnableMultipleHttp2Connections = true,
        PlaintextStreamFilter = ReusedConnection.WatchAsync,

        // What is left of a stream after [DONE] is a few bytes; anything longer is not worth waiting for.
        MaxResponseDrainSize = 16 * 1024,
        ResponseDrainTimeout = TimeSpan.FromMilliseconds(100),
        SslOptions = { EnabledSslProtocols = options.AllowTls12 ? SslProtocols.Tls12 | SslProtocols.Tls13 : SslProtocols.Tls13 },
    };
}
