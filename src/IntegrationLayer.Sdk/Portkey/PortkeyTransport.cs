using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Sends requests to the gateway and sorts good answers from failures.</summary>
internal sealed partial class PortkeyTransport(HttpMessageInvoker client, Func<PortkeyOptions> options, TimeProvider time, ILogger logger)
{
    // Error bodies are a few hundred bytes; a larger one is judged by its status alone.
    private const int MaxErrorBytes = 256 * 1024;
    private Addresses? _addresses;

    public PortkeyOptions Options => options();

    public TimeProvider Time => time;

    /// <summary>Sends a request.</summary>
    /// <returns>The answer, whose status is good and whose body is still to be read.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<HttpResponseMessage> SendAsync(HttpMethod method, string path, PooledBuffer? body, CallFacts facts, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = RequestOf(method, path, body, facts.Options);
        RequestHeaders.Add(request, facts);
        HttpResponseMessage response;
        try
        {
            response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException exception) when (exception.InnerException is StaleConnectionException && !cancellationToken.IsCancellationRequested)
        {
            response = await SendAgainAsync(request, facts, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsFailure(exception, cancellationToken))
        {
            throw FailureOf(exception, facts, cancellationToken);
        }

        if (HasTwoLengths(response))
        {
            response.Dispose();
            throw Log(PortkeyFailures.NotProtocol("The gateway's answer has two different lengths.", (int)response.StatusCode, facts), facts);
        }

        // 2xx and the guardrail's 246 are answers; 204 and 205 are found to be empty when read.
        if ((int)response.StatusCode is >= 200 and < 300)
        {
            return response;
        }

        using (response)
        {
            throw Log(await ReadFailureAsync(response, facts, cancellationToken).ConfigureAwait(false), facts);
        }
    }

    /// <summary>Reads the whole body of a good answer.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<PooledBuffer> ReadAsync(HttpResponseMessage response, CallFacts facts, CancellationToken cancellationToken)
    {
        PooledBuffer? body;
        try
        {
            body = await BodyReader.ReadAsync(response, facts.Options.MaxResponseBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && IsConnection(exception))
        {
            throw Log(PortkeyFailures.FromConnection(exception, isAnswering: true, facts), facts);
        }
        catch (Exception exception) when (exception is not OperationCanceledException && IsConnection(exception))
        {
            throw new OperationCanceledException("The caller gave up.", exception, cancellationToken);
        }

        body?.DropByteOrderMark();
        return body ?? throw PortkeyFailures.TooLarge("The answer", facts.Options.MaxResponseBytes, nameof(PortkeyOptions.MaxResponseBytes), facts);
    }

    /// <summary>Throws if a good answer has a body of a kind that is not the gateway's, such as a page of a proxy's log-in.</summary>
    public void CheckJson(HttpResponseMessage response, PooledBuffer body, CallFacts facts)
    {
        int status = (int)response.StatusCode;
        ReadOnlySpan<byte> text = body.Span.TrimStart(" \t\r\n"u8);
        if (text.IsEmpty)
        {
            throw Log(PortkeyFailures.BadOutput($"The gateway answered {status} with an empty body.", status, facts), facts);
        }

        if (text[0] != '{' && text[0] != '[')
        {
            throw Log(PortkeyFailures.NotProtocol($"The gateway answered {status} with something that is not a JSON object (a page of a proxy?). Check Portkey:Endpoint.", status, facts), facts);
        }
    }

    /// <summary>Gives the failure that a body with a good status reports.</summary>
    public LlmException FailureOf(HttpResponseMessage response, ReadOnlySpan<byte> body, CallFacts facts) =>
        Log(PortkeyFailures.FromAnswer(response, body, facts, time), facts);

    /// <summary>Logs a failure: its class and status, never a message or a body.</summary>
    public LlmException Log(LlmException failure, CallFacts facts)
    {
        LogFailure(logger, facts.Deployment.Name, failure.ErrorClass, failure.ErrorSource, failure.StatusCode, facts.Envelope.TraceId);
        return failure;
    }

    private static bool IsConnection(Exception exception) =>
        exception is HttpRequestException or IOException or OperationCanceledException or InvalidDataException or ObjectDisposedException;

    // Where one ends, the next answer on the connection would begin: whoever sends both means to slip one in.
    private static bool HasTwoLengths(HttpResponseMessage response) =>
        response.Content.Headers.NonValidated.TryGetValues("Content-Length", out HeaderStringValues lengths) && lengths.Count > 1;

    // With a span that only the request's own listeners know, .NET needn't make one of its own.
    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Activity.Current is not { } span || HttpSpans.AreWanted)
        {
            return client.SendAsync(request, cancellationToken);
        }

        HttpSpans.PassOn(span, request);
        Activity.Current = null;
        try
        {
            return client.SendAsync(request, cancellationToken);
        }
        finally
        {
            Activity.Current = span;
        }
    }

    // Once, and at once: nobody has seen the request. The connections that were kept with the stale one have ended too by now, and are passed over.
    private async ValueTask<HttpResponseMessage> SendAgainAsync(HttpRequestMessage stale, CallFacts facts, CancellationToken cancellationToken)
    {
        LogStale(logger, facts.Deployment.Name, facts.Envelope.TraceId);
        using HttpRequestMessage request = new(stale.Method, stale.RequestUri) { Version = stale.Version, VersionPolicy = stale.VersionPolicy, Content = stale.Content };
        stale.Content = null;
        RequestHeaders.Add(request, facts);
        try
        {
            return await SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsFailure(exception, cancellationToken))
        {
            throw FailureOf(exception, facts, cancellationToken);
        }
    }

    // The caller's own cancellation is left as it is.
    private static bool IsFailure(Exception exception, CancellationToken cancellationToken) =>
        IsConnection(exception) && !(exception is OperationCanceledException && cancellationToken.IsCancellationRequested);

    private Exception FailureOf(Exception exception, CallFacts facts, CancellationToken cancellationToken) => cancellationToken.IsCancellationRequested
        ? new OperationCanceledException("The caller gave up.", exception, cancellationToken)
        : Log(PortkeyFailures.FromConnection(exception, isAnswering: false, facts), facts);

    private HttpRequestMessage RequestOf(HttpMethod method, string path, PooledBuffer? body, PortkeyOptions options)
    {
        HttpRequestMessage request = new(method, AddressOf(path, options)) { Content = body is null ? null : new JsonBody(body) };
        if (options.Http2)
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = options.Endpoint.Scheme == Uri.UriSchemeHttps ? HttpVersionPolicy.RequestVersionOrLower : HttpVersionPolicy.RequestVersionExact;
        }

        return request;
    }

    private async Task<LlmException> ReadFailureAsync(HttpResponseMessage response, CallFacts facts, CancellationToken cancellationToken)
    {
        PooledBuffer? body = null;
        try
        {
            body = await BodyReader.ReadAsync(response, MaxErrorBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && IsConnection(exception))
        {
            // The status has come and says enough.
        }

        using (body)
        {
            return PortkeyFailures.FromAnswer(response, body is null ? default : body.Span, facts, time);
        }
    }

    private Uri AddressOf(string path, PortkeyOptions current)
    {
        Addresses addresses = _addresses is { } known && ReferenceEquals(known.Endpoint, current.Endpoint)
            ? known
            : _addresses = new Addresses(current.Endpoint);
        return addresses.Of(path);
    }

    [LoggerMessage(EventId = 1201, Level = LogLevel.Debug, Message = "Call to {Deployment} failed: {ErrorClass} by {ErrorSource}, status {Status}, trace {TraceId}")]
    private static partial void LogFailure(ILogger logger, string deployment, LlmErrorClass errorClass, LlmErrorSource errorSource, int? status, string traceId);

    [LoggerMessage(EventId = 1202, Level = LogLevel.Debug, Message = "A kept connection had ended as the call to {Deployment} was sent on it; it is sent again on another, trace {TraceId}")]
    private static partial void LogStale(ILogger logger, string deployment, string traceId);

    private sealed class Addresses(Uri endpoint)
    {
        private readonly Uri _base = endpoint.AbsoluteUri.EndsWith('/') ? endpoint : new Uri(endpoint.AbsoluteUri + "/");
        private readonly System.Collections.Concurrent.ConcurrentDictionary<string, Uri> _known = new();

        public Uri Endpoint { get; } = endpoint;

        public Uri Of(string path) => _known.GetOrAdd(path, static (name, from) => new Uri(from, name), _base);
    }
}
