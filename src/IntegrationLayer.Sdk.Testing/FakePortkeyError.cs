using System.Globalization;
using System.Text;
using IntegrationLayer.Sdk.Testing.Wire;

namespace IntegrationLayer.Sdk.Testing;

/// <summary>
/// An answer that is no success: every shape in which errors come out of the Portkey gateway (measured with version 1.15.2), those its
/// hosted edition documents, and what broken infrastructure in front of it sends. Immutable.
/// </summary>
public sealed class FakePortkeyError : FakePortkeyAnswer
{
    private readonly string _name;
    private readonly Func<WireContext, WireResponse> _play;
    private readonly GatewayHeaders _gatewayHeaders;
    private IReadOnlyList<KeyValuePair<string, string>> _headers = [];

    private FakePortkeyError(string name, GatewayHeaders gatewayHeaders, Func<WireContext, WireResponse> play)
    {
        _name = name;
        _gatewayHeaders = gatewayHeaders;
        _play = play;
    }

    /// <summary>Which of the gateway's response headers an answer carries.</summary>
    private enum GatewayHeaders
    {
        None,
        Exception,
        WithoutCacheStatus,
        All,
    }

    /// <summary>400: the gateway refuses the request itself, <c>{"status":"failure","message":…}</c>, without its usual headers.</summary>
    /// <param name="message">The message.</param>
    /// <param name="errors">Details, for example of a config that is not valid.</param>
    /// <returns>The error.</returns>
    public static FakePortkeyError Validation(
        string message = "Either x-portkey-config or x-portkey-provider header is required", params IReadOnlyCollection<string> errors) =>
        Json(nameof(Validation), 400, GatewayHeaders.None, _ => ErrorJson.Failure(message, errors));

    /// <summary>404: the gateway has no such route.</summary>
    /// <returns>The error.</returns>
    public static FakePortkeyError NotFound() => Json(nameof(NotFound), 404, GatewayHeaders.None, _ => JsonBytes.Object(json =>
    {
        json.WriteString("message", "Not Found");
        json.WriteBoolean("ok", false);
    }));

    /// <summary>The provider's error on a unified route: its status, the provider's name in front of its message.</summary>
    /// <param name="status">HTTP status code.</param>
    /// <param name="message">The provider's message, without prefix.</param>
    /// <param name="type">The error's type.</param>
    /// <param name="code">The error's code.</param>
    /// <param name="param">The parameter at fault.</param>
    /// <returns>The error.</returns>
    public static FakePortkeyError Provider(int status, string message, string? type = null, string? code = null, string? param = null) =>
        Json($"{nameof(Provider)} {status}", status, GatewayHeaders.All, context => ErrorJson.Provider(context.Provider, message, type, param, code));

    /// <summary>429 by the provider: too many requests.</summary>
    /// <param name="retryAfter">Sent as <c>retry-after</c> in whole seconds, rounded up; none when null.</param>
    /// <returns>The error.</returns>
    public static FakePortkeyError RateLimited(TimeSpan? retryAfter = null) =>
        Provider(429, "Rate limit reached for requests", "requests", "rate_limit_exceeded").WithRetryAfter(retryAfter);

    /// <summary>429 by the provider because the account has no money left: waiting does not help.</summary>
    /// <returns>The error.</returns>
    public static FakePortkeyError InsufficientQuota() => Provider(
        429, "You exceeded your current quota, please check your plan and billing details.", "insufficient_quota", "insufficient_quota");

    /// <summary>401 by the provider: the key is wrong.</summary>
    /// <returns>The error.</returns>
    public static FakePortkeyError Unauthorized() =>
        Provider(401, "Incorrect API key provided: sk-fake.", "invalid_request_error", "invalid_api_key");

    /// <summary>400 by the provider: the prompt is longer than the model's context.</summary>
    /// <param name="maximumTokens">The model's context in tokens.</param>
    /// <returns>The error.</returns>
    public static FakePortkeyError ContextLengthExceeded(int maximumTokens = 128_000) => Provider(
        400,
        string.Create(CultureInfo.InvariantCulture, $"This model's maximum context length is {maximumTokens} tokens. Please reduce the length of the messages."),
        "invalid_request_error",
        "context_length_exceeded",
        "messages");

    /// <summary>400 by the provider: the prompt offends its content policy.</summary>
    /// <returns>The error.</returns>
    public static FakePortkeyError ContentPolicy() => Provider(
        400, "Your request was rejected as a result of our safety system.", "invalid_request_error", "content_policy_violation");

    /// <summary>500 by the provider.</summary>
    /// <returns>The error.</returns>
    public static FakePortkeyError ServerError() => Provider(500, "The server had an error while processing your request", "server_error");

    /// <summary>503 by the provider.</summary>
    /// <param name="retryAfter">Sent as <c>retry-after</c> in whole seconds, rounded up; none when null.</param>
    /// <returns>The error.</returns>
    public static FakePortkeyError ServiceUnavailable(TimeSpan? retryAfter = null) =>
        Provider(503, "The server is overloaded or not ready yet.", "server_error").WithRetryAfter(retryAfter);

    /// <summary>529 by Anthropic: overloaded.</summary>
    /// <returns>The error.</returns>
    public static FakePortkeyError Overloaded() => Provider(529, "Overloaded", "overloaded_error");

    /// <summary>The upstream's error as it was, without prefix and provider: on proxied routes, and always for 408 and 412.</summary>
    /// <param name="status">HTTP status code.</param>
    /// <param name="message">The message.</param>
    /// <param name="type">The error's type.</param>
    /// <param name="code">The error's code.</param>
    /// <returns>The error.</returns>
    public static FakePortkeyError Untouched(int status, string message, string? type = "server_error", string? code = null) =>
        Json($"{nameof(Untouched)} {status}", status, GatewayHeaders.All, _ => ErrorJson.Upstream(message, type, param: null, code));

    /// <summary>500: the gateway could not reach the provider; the body has only <c>html-message</c>.</summary>
    /// <param name="cause">The cause the gateway names.</param>
    /// <returns>The error.</returns>
    public static FakePortkeyError Unreachable(string cause = "Error: connect ECONNREFUSED 127.0.0.1:9199") => Json(
        nameof(Unreachable), 500, GatewayHeaders.All, _ => ErrorJson.HtmlMessage($"Message: fetch failed Cause: {cause} Name: TypeError"));

    /// <summary>An upstream that answered HTML or text, which the gateway wraps in <c>html-message</c>.</summary>
    /// <param name="status">HTTP status code.</param>
    /// <param name="html">The upstream's body.</param>
    /// <returns>The error.</returns>
    public static FakePortkeyError UpstreamHtml(int status = 502, string html = "<html><body>502 Bad Gateway</body></html>") =>
        Json($"{nameof(UpstreamHtml)} {status}", status, GatewayHeaders.All, _ => ErrorJson.HtmlMessage(html));

    /// <summary>408: the time in <c>x-portkey-request-timeout</c> was over before the provider sent headers.</summary>
    /// <param name="timeout">The time the message names, in milliseconds.</param>
    /// <returns>The error.</returns>
    public static FakePortkeyError GatewayTimeout(TimeSpan timeout) => Json(
        nameof(GatewayTimeout),
        408,
        GatewayHeaders.All,
        _ => ErrorJson.Upstream(
            string.Create(CultureInfo.InvariantCulture, $"Request exceeded the timeout sent in the request: {timeout.TotalMilliseconds:0}ms"),
            "timeout_error",
            param: null,
            code: null));

    /// <summary>446: a guardrail denied the request.</summary>
    /// <param name="guardrailId">The guardrail's id in <c>hook_results</c>.</param>
    /// <returns>The error.</returns>
    public static FakePortkeyError GuardrailDenied(string guardrailId = "input_guardrail_fake") => Json(
        nameof(GuardrailDenied),
        446,
        GatewayHeaders.WithoutCacheStatus,
        _ => ErrorJson.Guardrail(
            "The guardrail checks defined in the config failed. You can find more information in the `hook_results` object.", guardrailId));

    /// <summary>500 with <c>x-portkey-gateway-exception: true</c>: something broke inside the gateway.</summary>
    /// <param name="message">The message, for example <c>embed is not supported by anthropic</c>.</param>
    /// <returns>The error.</returns>
    public static FakePortkeyError GatewayException(string message = "Something went wrong") =>
        Json(nameof(GatewayException), 500, GatewayHeaders.Exception, _ => ErrorJson.Failure(message));

    /// <summary>200 with an <c>error</c> object: the gateway could not read the provider's answer.</summary>
    /// <returns>The error.</returns>
    public static FakePortkeyError ErrorInSuccess() => Json(nameof(ErrorInSuccess), 200, GatewayHeaders.All, context => JsonBytes.Object(json =>
    {
        ErrorJson.WriteError(json, $"Invalid response received from {context.Provider}: {{}}", type: null, param: null, code: null);
        json.WriteString("provider", context.Provider);
    }));

    /// <summary>431 without body and content type. The fake also answers this by itself when request headers exceed the gateway's 16 KiB.</summary>
    /// <returns>The error.</returns>
    public static FakePortkeyError HeadersTooLarge() =>
        new(nameof(HeadersTooLarge), GatewayHeaders.None, _ => WireResponse.Whole(431, contentType: null, ReadOnlyMemory<byte>.Empty));

    /// <summary>400 by the hosted gateway's validation, with a code and the header at fault.</summary>
    /// <param name="message">The message.</param>
    /// <param name="code">The code.</param>
    /// <param name="field">The header at fault.</param>
    /// <returns>The error.</returns>
    public static FakePortkeyError HostedValidation(
        string message = "Inline providers are not allowed", string code = "inline_provider_blocked", string field = "x-portkey-provider") =>
        Json(nameof(HostedValidation), 400, GatewayHeaders.None, _ => JsonBytes.Object(json =>
        {
            json.WriteString("status", "failure");
            json.WriteStartObject("error");
            json.WriteString("code", code);
            json.WriteString("message", message);
            json.WriteString("field", field);
            json.WriteEndObject();
            json.WriteString("message", message);
        }));

    /// <summary>The hosted gateway's own refusal: messages begin with <c>Portkey Error</c>.</summary>
    /// <param name="status">HTTP status code.</param>
    /// <param name="message">The message, without the prefix.</param>
    /// <param name="code">The code.</param>
    /// <returns>The error.</returns>
    public static FakePortkeyError Hosted(int status = 401, string message = "Invalid API Key", string code = "03") =>
        Json($"{nameof(Hosted)} {status}", status, GatewayHeaders.None, _ => JsonBytes.Object(json =>
        {
            json.WriteString("status", "failure");
            json.WriteString("message", $"Portkey Error: {message}. Error Code: {code}");
            json.WriteStartObject("error");
            json.WriteString("message", $"Portkey Error: {message}");
            json.WriteString("code", code);
            json.WriteEndObject();
        }));

    /// <summary>412 by the hosted gateway: the budget is used up. Its body is not documented; this is the shape of <see cref="Hosted"/>.</summary>
    /// <returns>The error.</returns>
    public static FakePortkeyError HostedBudgetExhausted() => Hosted(412, "Usage limit exceeded", "412");

    /// <summary>429 by the hosted gateway's own rate limit. Its body is not documented; this is the shape of <see cref="Hosted"/>.</summary>
    /// <param name="retryAfter">Sent as <c>retry-after</c> in whole seconds, rounded up; none when null.</param>
    /// <returns>The error.</returns>
    public static FakePortkeyError HostedRateLimited(TimeSpan? retryAfter = null) =>
        Hosted(429, "Rate limit exceeded", "429").WithRetryAfter(retryAfter);

    /// <summary>A page of HTML instead of JSON: a proxy or load balancer in front of the gateway.</summary>
    /// <param name="status">HTTP status code.</param>
    /// <returns>The error.</returns>
    public static FakePortkeyError HtmlPage(int status = 502) => Raw(status, "<html><body><h1>502 Bad Gateway</h1></body></html>", "text/html");

    /// <summary>200 with JSON that breaks off.</summary>
    /// <returns>The error.</returns>
    public static FakePortkeyError BrokenJson() => Raw(200, """{"id":"chatcmpl-fake","object":"chat.completion","choices":[{"mess""", "application/json");

    /// <summary>200 with a valid answer whose text has this many bytes; it is sent in small pieces without a length.</summary>
    /// <param name="bytes">The size of the text in bytes.</param>
    /// <returns>The error.</returns>
    public static FakePortkeyError OversizedBody(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        return new FakePortkeyError($"{nameof(OversizedBody)} {bytes}", GatewayHeaders.All, _ => new WireResponse
        {
            Status = 200,
            ContentType = "application/json",
            Steps = Oversized.Steps(bytes),
        });
    }

    /// <summary>A redirect to another address, which a client that holds keys must not follow.</summary>
    /// <param name="location">The address.</param>
    /// <param name="status">HTTP status code, 300 to 399; the default is 307.</param>
    /// <returns>The error.</returns>
    public static FakePortkeyError Redirect(Uri location, int status = 307)
    {
        ArgumentNullException.ThrowIfNull(location);
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 300);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 399);
        return new FakePortkeyError($"{nameof(Redirect)} {status}", GatewayHeaders.None, _ => WireResponse.Whole(status, contentType: null, ReadOnlyMemory<byte>.Empty))
            .WithHeader("location", location.AbsoluteUri);
    }

    /// <summary>A success without a body: 204 No Content.</summary>
    /// <returns>The error.</returns>
    public static FakePortkeyError NoContent() =>
        new(nameof(NoContent), GatewayHeaders.None, _ => new WireResponse { Status = 204, Steps = [new WireStep.Head()] });

    /// <summary>Any status and body, without headers of the gateway.</summary>
    /// <param name="status">HTTP status code, 200 to 599.</param>
    /// <param name="body">The body.</param>
    /// <param name="contentType">The content type; none when null.</param>
    /// <returns>The error.</returns>
    public static FakePortkeyError Raw(int status, string body, string? contentType = "application/json")
    {
        ArgumentNullException.ThrowIfNull(body);
        return new FakePortkeyError($"{nameof(Raw)} {RequireStatus(status)}", GatewayHeaders.None, _ => WireResponse.Whole(status, contentType, Encoding.UTF8.GetBytes(body)));
    }

    /// <summary>Sets a response header; it replaces one of the gateway's of the same name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    /// <returns>A copy.</returns>
    public FakePortkeyError WithHeader(string name, string value)
    {
        HeaderList.Require(name, value);
        FakePortkeyError copy = (FakePortkeyError)MemberwiseClone();
        copy._headers = [.. _headers, new(name, value)];
        return copy;
    }

    /// <summary>The kind and status of the error.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"error {_name}";

    internal override WireResponse Play(WireContext context)
    {
        WireResponse response = _play(context);
        if (_gatewayHeaders == GatewayHeaders.Exception)
        {
            response.Headers.Add(new("x-portkey-gateway-exception", "true"));
        }
        else if (_gatewayHeaders != GatewayHeaders.None)
        {
            context.AddGatewayHeaders(response, cacheStatus: _gatewayHeaders == GatewayHeaders.All);
        }

        HeaderList.Set(response.Headers, _headers);
        return response;
    }

    private static FakePortkeyError Json(string name, int status, GatewayHeaders headers, Func<WireContext, ReadOnlyMemory<byte>> body)
    {
        RequireStatus(status);
        return new FakePortkeyError(name, headers, context => WireResponse.Whole(status, "application/json", body(context)));
    }

    private static int RequireStatus(int status)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 200);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 599);
        return status;
    }

    private FakePortkeyError WithRetryAfter(TimeSpan? retryAfter) => retryAfter is { } delay
        ? WithHeader("retry-after", Math.Ceiling(delay.TotalSeconds).ToString(CultureInfo.InvariantCulture))
        : this;
}
