using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.TestSupport.Provider;

/// <summary>
/// A model provider on a loopback socket, behind the gateway in tests. It speaks OpenAI's chat, embeddings and models,
/// Anthropic's messages and Google's generateContent, does what its scripts say and records every request.
/// </summary>
/// <remarks>
/// Path prefixes tell deployments apart: <c>HostFor("cheap")</c> goes into one deployment's custom host and
/// <c>Script("cheap", ...)</c> says what that deployment does. A prefix without a script answers "Hello there".
/// Safe for concurrent use.
/// </remarks>
public sealed class ProviderServer : IAsyncDisposable
{
    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(10);

    private readonly WebApplication _app;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ProviderScripts _scripts = new();
    private readonly RequestLog _log = new();

    private ProviderServer(TimeProvider clock)
    {
        _clock = clock;
        // The empty builder reads no environment variable or settings file and writes no log.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
        });
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    /// <summary>The root address, <c>http://127.0.0.1:N/</c>.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>All requests so far, in their order of arrival.</summary>
    public IReadOnlyList<RecordedRequest> Requests => _log.Snapshot(null);

    /// <summary>Starts a server on a free port.</summary>
    /// <param name="clock">The clock of latencies and pauses; the system's by default.</param>
    public static async Task<ProviderServer> StartAsync(TimeProvider? clock = null)
    {
        ProviderServer server = new(clock ?? TimeProvider.System);
        await server._app.StartAsync();
        server.Address = new Uri(server._app.Urls.First());
        return server;
    }

    /// <summary>The custom host of a deployment of <c>openai</c> or <c>anthropic</c>: <c>http://127.0.0.1:N/prefix/v1</c>.</summary>
    public Uri HostFor(string prefix) => new(Address, prefix + "/v1");

    /// <summary>The custom host of a deployment of <c>google</c>, which adds the version itself: <c>http://127.0.0.1:N/prefix</c>.</summary>
    public Uri GoogleHostFor(string prefix) => new(Address, prefix);

    /// <summary>Says what a deployment does: one behaviour a request in this order; the last one stays for good.</summary>
    public void Script(string prefix, params IReadOnlyList<ProviderBehavior> behaviors) => _scripts.Set(prefix, behaviors);

    /// <summary>Says what a deployment does, by looking at each request.</summary>
    public void Script(string prefix, Func<RecordedRequest, ProviderBehavior> behavior) => _scripts.Set(prefix, behavior);

    /// <summary>The requests of one deployment so far.</summary>
    public IReadOnlyList<RecordedRequest> RequestsTo(string prefix) => _log.Snapshot(prefix);

    /// <summary>Waits until at least this many requests have arrived.</summary>
    /// <param name="count">How many.</param>
    /// <param name="prefix">Count only this deployment's; all by default.</param>
    /// <param name="limit">How long to wait; 10 s by default.</param>
    /// <exception cref="TimeoutException">They didn't come. The message says how many did.</exception>
    public Task<IReadOnlyList<RecordedRequest>> WaitForRequestsAsync(int count, string? prefix = null, TimeSpan? limit = null) =>
        _log.WaitAsync(count, prefix, limit ?? WaitLimit);

    /// <summary>Ends every response still in progress and closes the port.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        using CancellationTokenSource atOnce = new(TimeSpan.FromSeconds(1));
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        RecordedRequest request = await RecordedRequest.ReadAsync(context.Request, over.Token);
        _log.Add(request);
        bool closedEarly = false;
        try
        {
            if (ProviderWires.For(request) is not { } wire)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                await context.Response.WriteAsync($"No endpoint {request.Method} {request.Endpoint}", over.Token);
                return;
            }

            await new ProviderResponse(context, _clock, over.Token).PlayAsync(_scripts.Next(request), wire, request);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            closedEarly = context.RequestAborted.IsCancellationRequested;
            context.Abort();
        }
        finally
        {
            request.Finish(closedEarly);
        }
    }
}
