using System.Net;
using IntegrationLayer.Sdk.Testing.Fronts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IntegrationLayer.Sdk.Testing;

/// <summary>A running server of <see cref="FakePortkey"/> on a free port of 127.0.0.1, HTTP/1.1 without TLS, as the gateway itself, unless <see cref="FakePortkeyOptions.Http2"/> is set.</summary>
public sealed class FakePortkeyServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly CancellationTokenSource _stopping;

    private FakePortkeyServer(WebApplication application, CancellationTokenSource stopping)
    {
        _application = application;
        _stopping = stopping;
        BaseAddress = new Uri(new Uri(application.Urls.Single()), "v1/");
    }

    /// <summary>Gets the address for clients, for example <c>http://127.0.0.1:41234/v1/</c>.</summary>
    public Uri BaseAddress { get; }

    /// <summary>Aborts the answers still being written, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _application.StopAsync(_stopping.Token).ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    internal static async Task<FakePortkeyServer> StartAsync(FakePortkey fake, CancellationToken cancellationToken)
    {
        CancellationTokenSource stopping = new();
        CancellationToken stop = stopping.Token;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = fake.Options.MaxRequestBytes;

            // The script refuses large headers itself, like the gateway; Kestrel must let them through.
            kestrel.Limits.MaxRequestHeadersTotalSize = 1024 * 1024;
            kestrel.Limits.MaxRequestHeaderCount = 10_000;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, port: 0, listen => listen.Protocols = fake.Options.Http2 ? HttpProtocols.Http2 : HttpProtocols.Http1);
        });
        WebApplication application = builder.Build();
        application.Run(context => ServerExchange.AnswerAsync(fake, context, stop));
        await application.StartAsync(cancellationToken).ConfigureAwait(false);
        return new FakePortkeyServer(application, stopping);
    }
}
