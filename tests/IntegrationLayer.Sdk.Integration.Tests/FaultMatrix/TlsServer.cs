using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace IntegrationLayer.Sdk.Integration.Tests.FaultMatrix;

/// <summary>A gateway over TLS that gives one answer to everybody who shakes hands with it.</summary>
internal sealed class TlsServer : IAsyncDisposable
{
    private const string Body = """{"id":"c1","object":"chat.completion","model":"first","choices":[{"index":0,"message":{"role":"assistant","content":"trusted"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""";
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;
    private readonly SslProtocols _protocol;
    private readonly Task _serving;

    public TlsServer(X509Certificate2 certificate, SslProtocols protocol)
    {
        _certificate = certificate;
        _protocol = protocol;
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Address => new($"https://{_listener.LocalEndpoint}/v1/");

    /// <summary>Gets how many connections were made.</summary>
    public int Connections { get; private set; }

    /// <summary>Gets how many requests were read.</summary>
    public int Requests { get; private set; }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _certificate.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            using TcpClient client = await _listener.AcceptTcpClientAsync();
            Connections++;
            await using SslStream stream = new(client.GetStream());
            try
            {
                await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate, EnabledSslProtocols = _protocol });
                if (await stream.ReadAsync(new byte[64 * 1024]) > 0)
                {
                    Requests++;
                    await stream.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\nConnection: close\r\n\r\n{Body}"));
                }
            }
            catch (Exception e) when (e is IOException or AuthenticationException)
            {
                // The client didn't like what it saw.
            }
        }
    }
}
