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
        using HttpRequestMessage request = new(method, AddressOf(path, facts.Options)) { Content = body is null ? null : new JsonBody(body) };
        RequestHeaders.Add(request, facts);
        HttpResponseMessage response;
        try
        {
            response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && IsConnection(exception))
        {
            throw Log(PortkeyFailures.FromConnection(exception, isAnswering: false, facts), facts);
        }
        catch (HttpRequestException exception)
        {
            throw new OperationCanceledException("The caller gave up.", exception, cancellationToken);
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
            throw Log(PortkeyFailures.NotProtocol($"The gateway answered {status} with something that is not JSON (a page of a proxy?). Check Portkey:Endpoint.", status, facts), facts);
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

    private sealed class Addresses(Uri endpoint)
    {
        private readonly Uri _base = endpoint.AbsoluteUri.EndsWith('/') ? endpoint : new Uri(endpoint.AbsoluteUri + "/");
        private readonly System.Collections.Concurrent.ConcurrentDictionary<string, Uri> _known = new();

        public Uri Endpoint { get; } = endpoint;

        public Uri Of(string path) => _known.GetOrAdd(path, static (name, from) => new Uri(from, name), _base);
    }
}
