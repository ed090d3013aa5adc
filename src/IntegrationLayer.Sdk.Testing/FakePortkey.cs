using System.Text;
using IntegrationLayer.Sdk.Testing.Fronts;
using IntegrationLayer.Sdk.Testing.Scripting;
using IntegrationLayer.Sdk.Testing.Wire;

namespace IntegrationLayer.Sdk.Testing;

/// <summary>
/// Plays the Portkey AI gateway by a script: in process as an <see cref="HttpMessageHandler"/>, or as a server on the loopback interface.
/// It answers what the gateway answers, byte for byte in shape, including every way in which calls fail. Safe for concurrent use.
/// </summary>
/// <remarks>
/// Routes are asked in the order in which they were added. A request that no route answers is an error: the handler throws
/// <see cref="UnmatchedRequestException"/>, the server answers with status 501, and <see cref="VerifyAllCalled"/> throws.
/// <c>GET /</c> is answered like the gateway's readiness probe and not recorded, unless a route takes it.
/// </remarks>
public sealed class FakePortkey
{
    private const long FixedCreated = 1_700_000_000;
    private readonly RouteTable<FakePortkeyRequest, FakePortkeyAnswer> _table;
    private long _answers;

    /// <summary>Creates a gateway without clock and without routes.</summary>
    public FakePortkey()
        : this(new FakePortkeyOptions())
    {
    }

    /// <summary>Creates a gateway whose delays wait by this clock.</summary>
    /// <param name="timeProvider">For example a <c>FakeTimeProvider</c>, or <see cref="TimeProvider.System"/>.</param>
    public FakePortkey(TimeProvider timeProvider)
        : this(new FakePortkeyOptions { TimeProvider = timeProvider ?? throw new ArgumentNullException(nameof(timeProvider)) })
    {
    }

    /// <summary>Creates a gateway with limits of your own.</summary>
    /// <param name="options">Clock and limits.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit makes no sense.</exception>
    public FakePortkey(FakePortkeyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options.Validate();
        _table = new RouteTable<FakePortkeyRequest, FakePortkeyAnswer>(
            options.MaxRecordedRequests, options.MaxRecordedBytes, request => request.Body.Length, request => request.ToString());
    }

    /// <summary>Gets the base address for clients of <see cref="CreateHandler"/>; any other works as well.</summary>
    public static Uri HandlerBaseAddress { get; } = new("https://portkey.invalid/v1/");

    /// <summary>Gets the requests received, oldest first: a snapshot of at most <see cref="FakePortkeyOptions.MaxRecordedRequests"/>.</summary>
    public IReadOnlyList<FakePortkeyRequest> Requests => _table.Requests;

    /// <summary>Gets how many requests were received since the beginning, also those no longer kept.</summary>
    public int RequestCount => _table.Count;

    /// <summary>Gets the route asked after all others, for any chat completion. It exists once you use it, and is not verified.</summary>
    public FakePortkeyChatRoute Default =>
        new(_table.Default("default", request => IsCall(request, "POST", "/chat/completions")), HasClock);

    internal FakePortkeyOptions Options { get; }

    private bool HasClock => Options.TimeProvider is not null;

    /// <summary>Adds a route for chat completions.</summary>
    /// <param name="model">The model in the body; null for any.</param>
    /// <returns>The route.</returns>
    public FakePortkeyChatRoute OnChat(string? model = null) => new(Add("chat", "/chat/completions", model), HasClock);

    /// <summary>Adds a route for embedding requests.</summary>
    /// <param name="model">The model in the body; null for any.</param>
    /// <returns>The route.</returns>
    public FakePortkeyEmbeddingsRoute OnEmbeddings(string? model = null) => new(Add("embeddings", "/embeddings", model), HasClock);

    /// <summary>Adds a route for the list of models.</summary>
    /// <returns>The route.</returns>
    public FakePortkeyModelsRoute OnModels() => new(_table.Add("models", request => IsCall(request, "GET", "/models")), HasClock);

    /// <summary>Adds a route for anything else.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The whole path without query, for example <c>/v1/feedback</c>.</param>
    /// <returns>The route.</returns>
    public FakePortkeyPathRoute OnPath(string method, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new(
            _table.Add($"{method} {path}", request =>
                string.Equals(request.Method, method, StringComparison.OrdinalIgnoreCase) && PathOf(request).Equals(path, StringComparison.Ordinal)),
            HasClock);
    }

    /// <summary>Creates a handler that answers in process, without any socket. Disposing it does not affect the fake.</summary>
    /// <returns>The handler.</returns>
    public HttpMessageHandler CreateHandler() => new FakePortkeyHandler(this);

    /// <summary>Creates a client over <see cref="CreateHandler"/> whose base address is <see cref="HandlerBaseAddress"/>.</summary>
    /// <returns>The client.</returns>
    public HttpClient CreateHttpClient() => new(CreateHandler()) { BaseAddress = HandlerBaseAddress };

    /// <summary>Starts a server on a free port of the loopback interface. Several servers may share one script.</summary>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <returns>The running server; dispose it to stop.</returns>
    public Task<FakePortkeyServer> StartServerAsync(CancellationToken cancellationToken = default) =>
        FakePortkeyServer.StartAsync(this, cancellationToken);

    /// <summary>Waits until this many requests were received since the beginning. Give a token with a timeout: there is none of its own.</summary>
    /// <param name="count">The number of requests.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that completes when they were received.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public Task WaitForRequestsAsync(int count, CancellationToken cancellationToken = default) => _table.WaitAsync(count, cancellationToken);

    /// <summary>Throws when a route was not called, or not as often as scripted, or when a request was not answered.</summary>
    /// <exception cref="FakeVerificationException">Names the routes and the requests.</exception>
    public void VerifyAllCalled() => _table.Verify();

    internal WireResponse Accept(FakePortkeyRequest request)
    {
        if (HeaderBytes(request) > Options.MaxHeaderBytes)
        {
            return WireResponse.Whole(431, contentType: null, ReadOnlyMemory<byte>.Empty);
        }

        try
        {
            bool probe = request is { Method: "GET", Path: "/" };
            return _table.Take(request, required: !probe) is { } step
                ? Play(request, step)
                : WireResponse.Whole(200, "text/plain; charset=UTF-8", "AI Gateway says hey!"u8.ToArray());
        }
        catch (Exception exception)
        {
            Report(request, exception);
            throw;
        }
    }

    /// <summary>Notes a fault of the script itself; verification throws it up.</summary>
    internal void Report(FakePortkeyRequest request, Exception exception)
    {
        // The table has noted an unmatched request itself.
        if (exception is not UnmatchedRequestException)
        {
            _table.Fail(request, exception);
        }

        request.End(FakePortkeyOutcome.Refused);
    }

    private static ReadOnlySpan<char> PathOf(FakePortkeyRequest request)
    {
        int query = request.Path.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? request.Path : request.Path.AsSpan(0, query);
    }

    private static bool IsCall(FakePortkeyRequest request, string method, string end) =>
        request.Method == method && PathOf(request).EndsWith(end, StringComparison.Ordinal);

    private static int HeaderBytes(FakePortkeyRequest request) =>
        request.Headers.Sum(header => Encoding.UTF8.GetByteCount(header.Key) + Encoding.UTF8.GetByteCount(header.Value) + ": \r\n".Length);

    private RouteScript<FakePortkeyRequest, FakePortkeyAnswer> Add(string kind, string end, string? model) => _table.Add(
        model is null ? kind : $"{kind} {model}",
        request => IsCall(request, "POST", end) && (model is null || string.Equals(request.Model, model, StringComparison.Ordinal)));

    private WireResponse Play(FakePortkeyRequest request, ScriptStep<FakePortkeyRequest, FakePortkeyAnswer> step)
    {
        FakePortkeyAnswer answer = step.Answer(request);
        if (answer.NeedsClock && !HasClock)
        {
            throw new InvalidOperationException(Clocks.Missing);
        }

        long created = Options.TimeProvider?.GetUtcNow().ToUnixTimeSeconds() ?? FixedCreated;
        WireResponse response = answer.Play(new WireContext(request, Interlocked.Increment(ref _answers), created));
        return response.Preceded(Latency(step));
    }

    private static IEnumerable<WireStep> Latency(ScriptStep<FakePortkeyRequest, FakePortkeyAnswer> step)
    {
        if (step.Hold is { } release)
        {
            yield return new WireStep.Hold(release);
        }

        if (step.Delay > TimeSpan.Zero)
        {
            yield return new WireStep.Wait(step.Delay);
        }
    }
}
