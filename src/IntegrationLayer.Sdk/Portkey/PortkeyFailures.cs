using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Turns everything that can go wrong with a call into an <see cref="LlmException"/>.</summary>
internal static class PortkeyFailures
{
    // Why no connection was made; whoever has one of these codes was not sent anything.
    private const string NameResolution = "name_resolution";
    private const string Tls = "tls";
    private const string Connect = "connect";
    private const string ConnectTimeout = "connect_timeout";

    /// <summary>The failure that an answer reports by its status or in its body.</summary>
    public static LlmException FromAnswer(HttpResponseMessage response, ReadOnlySpan<byte> content, CallFacts facts, TimeProvider time) =>
        Create((int)response.StatusCode, response.Headers, content, facts, time, hasContent: false);

    /// <summary>The failure that an event of a stream reports. After the first content the provider has worked, whatever it then says.</summary>
    public static LlmException FromEvent(ReadOnlySpan<byte> content, HttpResponseHeaders headers, CallFacts facts, TimeProvider time, bool hasContent) =>
        Create(200, headers, content, facts, time, hasContent);

    /// <summary>The failure that a finish reason reports, such as <c>overloaded_error</c>.</summary>
    public static LlmException FromFinish(string reason, CallFacts facts)
    {
        ErrorBody body = new() { Type = reason, IsError = true };
        (LlmErrorClass errorClass, LlmErrorSource source) = ErrorClassifier.Classify(200, body, isGatewayException: false);
        return new LlmException($"{facts.Deployment.Provider} broke off the answer: {SafeText.CleanCode(reason) ?? "an error"}.", errorClass, source)
        {
            StatusCode = 200, Code = SafeText.CleanCode(reason), TraceId = facts.Envelope.TraceId, MayBeBilled = true,
        };
    }

    /// <summary>The failure of the connection.</summary>
    /// <param name="exception">What the HTTP client threw.</param>
    /// <param name="isAnswering">Whether headers of an answer had come: then the provider had certainly got the request.</param>
    /// <param name="facts">The call.</param>
    public static LlmException FromConnection(Exception exception, bool isAnswering, CallFacts facts)
    {
        string where = facts.Options.Endpoint.Authority;
        (string text, LlmErrorClass errorClass, string? code) = exception switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
                ($"The gateway's name in {where} can't be resolved. Check Portkey:Endpoint.", LlmErrorClass.Network, NameResolution),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } or HttpRequestException { InnerException: AuthenticationException } =>
                ($"No trusted TLS connection to the gateway at {where} could be made (its certificate, or TLS older than 1.3; see Portkey:AllowTls12; or the port speaks plain http).", LlmErrorClass.Network, Tls),
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError }
                or HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } =>
                ($"The gateway at {where} can't be reached. Check that it runs at Portkey:Endpoint.", LlmErrorClass.Network, Connect),
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
                ("The gateway's answer has larger headers than the SDK accepts (64 KiB).", LlmErrorClass.TooLarge, null),
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } =>
                ("The gateway's answer is not HTTP.", LlmErrorClass.GatewayFault, null),
            OperationCanceledException { InnerException: TimeoutException } =>
                ($"No connection to the gateway at {where} was made in time (Portkey:ConnectTimeout).", LlmErrorClass.Network, ConnectTimeout),
            InvalidDataException => ("The gateway's answer can't be decompressed.", LlmErrorClass.BadOutput, null),
            _ => (isAnswering ? "The connection to the gateway broke within the answer." : "The connection to the gateway broke before an answer came.", LlmErrorClass.Network, null),
        };
        return new LlmException(text, errorClass, LlmErrorSource.Gateway, exception)
        {
            TraceId = facts.Envelope.TraceId, Code = code, MayBeBilled = code is null || isAnswering,
        };
    }

    /// <summary>A stream that ended without a terminal event.</summary>
    public static LlmException Truncated(CallFacts facts, Exception? inner = null) =>
        new("The stream ended before the answer was complete: neither a finish reason nor [DONE] came.", LlmErrorClass.StreamTruncated, LlmErrorSource.Gateway, inner)
        {
            StatusCode = 200, TraceId = facts.Envelope.TraceId, MayBeBilled = true,
        };

    /// <summary>An answer beyond a limit of the SDK.</summary>
    public static LlmException TooLarge(string what, int limit, string option, CallFacts facts) =>
        new($"{what} is larger than {limit} bytes. Raise Portkey:{option} if that is meant to be.", LlmErrorClass.TooLarge, LlmErrorSource.Sdk)
        {
            TraceId = facts.Envelope.TraceId, MayBeBilled = true,
        };

    /// <summary>An answer that is not what was asked for.</summary>
    public static LlmException BadOutput(string text, int status, CallFacts facts, Exception? inner = null) =>
        new(text, LlmErrorClass.BadOutput, LlmErrorSource.Provider, inner)
        {
            StatusCode = status, TraceId = facts.Envelope.TraceId, MayBeBilled = true,
        };

    /// <summary>An answer that is not the gateway's protocol.</summary>
    public static LlmException NotProtocol(string text, int status, CallFacts facts) =>
        new(text, LlmErrorClass.GatewayFault, LlmErrorSource.Gateway)
        {
            StatusCode = status, TraceId = facts.Envelope.TraceId, MayBeBilled = true,
        };

    /// <summary>A request that can't be sent as it is.</summary>
    public static LlmException InvalidRequest(string text, string? traceId = null) =>
        new(text, LlmErrorClass.InvalidRequest, LlmErrorSource.Sdk) { TraceId = traceId };

    private static LlmException Create(int status, HttpResponseHeaders headers, ReadOnlySpan<byte> content, CallFacts facts, TimeProvider time, bool hasContent)
    {
        ErrorBody body = ErrorBody.Parse(content);
        bool isException = headers.NonValidated.Contains(PortkeyHeaders.GatewayException);
        (LlmErrorClass errorClass, LlmErrorSource source) = ErrorClassifier.Classify(status, body, isException);
        if (IsBeforeGateway(status, body, headers))
        {
            source = LlmErrorSource.Gateway;
        }

        TimeSpan? retryAfter = RetryAfterParser.Parse(headers, body.RetryDelay, time);
        string? code = SafeText.CleanCode(body.Code) ?? SafeText.CleanCode(body.Type);
        string who = source == LlmErrorSource.Gateway ? "The Portkey gateway" : facts.Deployment.Provider;
        string? said = SafeText.Clean(Told(body), facts);
        string text = $"{who} answered {status}{(code is null ? "" : $" ({code})")}{(said is null ? "." : $": {said.TrimEnd('.')}.")}{Cure(status, errorClass, source, body, facts)}";
        return new LlmException(text, errorClass, source)
        {
            StatusCode = status,
            Code = code,
            RetryAfter = retryAfter,
            TraceId = facts.Envelope.TraceId,
            MayBeBilled = hasContent || ErrorClassifier.MayBeBilled(status, body, errorClass, retryAfter is not null),
        };
    }

    // What stands before a gateway says so when it doesn't reach it, without a word that is a gateway's.
    private static bool IsBeforeGateway(int status, in ErrorBody body, HttpResponseHeaders headers) =>
        status is 502 or 503 or 504 && !body.IsError && !headers.NonValidated.Contains(PortkeyHeaders.Provider);

    // An unreadable answer of the provider is quoted after a colon, and a page of HTML as a whole: both may hold anything.
    private static string? Told(in ErrorBody body)
    {
        if (body.Message is not { } message)
        {
            return null;
        }

        if (body.IsHtmlMessage && !message.StartsWith("Message: ", StringComparison.Ordinal))
        {
            return "a page instead of JSON.";
        }

        int quote = message.StartsWith("Invalid response received from", StringComparison.Ordinal) ? message.IndexOf(':', StringComparison.Ordinal) : -1;
        return quote < 0 ? message : message[..quote];
    }

    private static string Cure(int status, LlmErrorClass errorClass, LlmErrorSource source, in ErrorBody body, CallFacts facts)
    {
        string account = facts.Deployment.Account.Name;
        return errorClass switch
        {
            LlmErrorClass.Authentication => $" Check the credential of account '{account}'.",
            LlmErrorClass.QuotaExhausted => $" Account '{account}' needs money or a higher limit.",
            LlmErrorClass.ModelNotFound => $" Check the model of deployment '{facts.Deployment.Name}'.",
            _ when status is >= 300 and < 400 => " Redirects are not followed; check Portkey:Endpoint.",
            _ when status == 431 => " The request's headers are too large; shorten the metadata or the account's headers.",
            _ when status == 404 => " Check Portkey:Endpoint: it must end in /v1/.",
            _ when source == LlmErrorSource.Gateway && body.Message == "Invalid custom host" => " Add the host to TRUSTED_CUSTOM_HOSTS of the gateway.",
            _ => "",
        };
    }
}
