using IntegrationLayer.Sdk.Portkey;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Portkey;

[TestFixture]
internal sealed class PortkeyErrorTests
{
    private const LlmErrorSource Gateway = LlmErrorSource.Gateway;
    private const LlmErrorSource Provider = LlmErrorSource.Provider;

    // Bodies as the gateway (1.15.2) sends them.
    private static readonly TestCaseData[] Shapes =
    [
        Shape("validation", 400, """{"status":"failure","message":"Either x-portkey-config or x-portkey-provider header is required"}""", LlmErrorClass.InvalidRequest, Gateway, false),
        Shape("custom host", 400, """{"status":"failure","message":"Invalid custom host"}""", LlmErrorClass.InvalidRequest, Gateway, false),
        Shape("route", 404, """{"message":"Not Found","ok":false}""", LlmErrorClass.GatewayFault, Gateway, true),
        Shape("bad body", 500, """{"status":"failure","message":"Something went wrong"}""", LlmErrorClass.GatewayFault, Gateway, true),
        Shape("exception", 500, """{"status":"failure","message":"Something went wrong"}""", LlmErrorClass.GatewayFault, Gateway, true, ("x-portkey-gateway-exception", "true")),
        Shape("unsupported", 500, """{"status":"failure","message":"embed is not supported by anthropic"}""", LlmErrorClass.ModelNotFound, Gateway, false, ("x-portkey-gateway-exception", "true")),
        Shape("401", 401, """{"error":{"message":"openai error: Incorrect API key provided: sk-fake.","type":"invalid_request_error","param":null,"code":"invalid_api_key"},"provider":"openai"}""", LlmErrorClass.Authentication, Provider, false),
        Shape("403", 403, """{"error":{"message":"openai error: no","type":"permission"},"provider":"openai"}""", LlmErrorClass.Authentication, Provider, false),
        Shape("429", 429, """{"error":{"message":"openai error: Rate limit reached for requests","type":"requests","param":null,"code":"rate_limit_exceeded"},"provider":"openai"}""", LlmErrorClass.RateLimited, Provider, false),
        Shape("429 quota", 429, """{"error":{"message":"openai error: You exceeded your current quota, please check your plan","type":"insufficient_quota","code":"insufficient_quota"},"provider":"openai"}""", LlmErrorClass.QuotaExhausted, Provider, false),
        Shape("400 credit", 400, """{"error":{"message":"anthropic error: Your credit balance is too low to access the API.","type":"invalid_request_error"},"provider":"anthropic"}""", LlmErrorClass.QuotaExhausted, Provider, false),
        Shape("429 google by the minute", 429, """{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"x","retryDelay":"12s"}]}}""", LlmErrorClass.RateLimited, Provider, false),
        Shape("429 google's cap", 429, """{"error":{"code":429,"message":"The spending cap is reached.","status":"RESOURCE_EXHAUSTED"}}""", LlmErrorClass.QuotaExhausted, Provider, false),
        Shape("402", 402, """{"error":{"message":"pay"}}""", LlmErrorClass.QuotaExhausted, Provider, false),
        Shape("412", 412, """{"error":{"message":"The server had an error (412)","type":"server_error","param":null,"code":null}}""", LlmErrorClass.QuotaExhausted, Provider, false),
        Shape("412 empty", 412, "", LlmErrorClass.QuotaExhausted, Provider, false),
        Shape("413 by tokens", 413, """{"error":{"message":"Request too large for model on tokens per minute","type":"tokens","code":"rate_limit_exceeded"}}""", LlmErrorClass.RateLimited, Provider, false),
        Shape("context by code", 400, """{"error":{"message":"x","type":"invalid_request_error","code":"context_length_exceeded"}}""", LlmErrorClass.ContextLength, Provider, false),
        Shape("context by text", 400, """{"error":{"message":"anthropic error: prompt is too long: 210000 tokens > 200000 maximum","type":"invalid_request_error"}}""", LlmErrorClass.ContextLength, Provider, false),
        Shape("policy by code", 400, """{"error":{"message":"x","code":"content_filter"}}""", LlmErrorClass.ContentPolicy, Provider, false),
        Shape("policy by text", 400, """{"error":{"message":"The response was filtered due to Azure's content management policy."}}""", LlmErrorClass.ContentPolicy, Provider, false),
        Shape("model by code", 404, """{"error":{"message":"x","code":"model_not_found"}}""", LlmErrorClass.ModelNotFound, Provider, false),
        Shape("model by text", 400, """{"error":{"message":"The model `x` does not exist"}}""", LlmErrorClass.ModelNotFound, Provider, false),
        Shape("404", 404, """{"error":"nothing here"}""", LlmErrorClass.ModelNotFound, Provider, false),
        Shape("google's key", 400, """{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}""", LlmErrorClass.Authentication, Provider, false),
        Shape("422", 422, """{"detail":"bad"}""", LlmErrorClass.InvalidRequest, Provider, false),
        Shape("409", 409, """{"error":{"message":"conflict"}}""", LlmErrorClass.ProviderUnavailable, Provider, false),
        Shape("425", 425, """{"error":{"message":"early"}}""", LlmErrorClass.ProviderUnavailable, Provider, false),
        Shape("408 of the gateway", 408, """{"error":{"message":"Request exceeded the timeout sent in the request: 300ms","type":"timeout_error","param":null,"code":null}}""", LlmErrorClass.Timeout, Gateway, true),
        Shape("408 of the provider", 408, """{"error":{"message":"slow"}}""", LlmErrorClass.Timeout, Provider, true),
        Shape("431", 431, "", LlmErrorClass.InvalidRequest, Gateway, false),
        Shape("446 of the request", 446, """{"error":{"message":"The guardrail checks defined in the config failed.","type":"hooks_failed","param":null,"code":null},"hook_results":{"before_request_hooks":[{"verdict":false}],"after_request_hooks":[]}}""", LlmErrorClass.GuardrailDenied, Gateway, false),
        Shape("446 of the answer", 446, """{"error":{"message":"The guardrail checks defined in the config failed.","type":"hooks_failed"},"hook_results":{"before_request_hooks":[],"after_request_hooks":[{"verdict":false}]}}""", LlmErrorClass.GuardrailDenied, Gateway, true),
        Shape("500", 500, """{"error":{"message":"openai error: The server had an error","type":"server_error"},"provider":"openai"}""", LlmErrorClass.ProviderUnavailable, Provider, false),
        Shape("refused", 500, """{"html-message":"Message: fetch failed Cause: Error: connect ECONNREFUSED 127.0.0.1:9199 Name: TypeError"}""", LlmErrorClass.ProviderUnavailable, Provider, false),
        Shape("reset", 500, """{"html-message":"Message: fetch failed Cause: SocketError: other side closed Name: TypeError"}""", LlmErrorClass.ProviderUnavailable, Provider, true),
        Shape("retry bug", 500, """{"html-message":"Message: Cannot set properties of undefined (setting '_timeouts') Cause: NA Name: TypeError"}""", LlmErrorClass.GatewayFault, Gateway, true),
        Shape("html", 502, """{"html-message":"<html><body>502 Bad Gateway</body></html>"}""", LlmErrorClass.ProviderUnavailable, Provider, true),
        Shape("503", 503, """{"error":{"message":"x"}}""", LlmErrorClass.ProviderUnavailable, Provider, false),
        Shape("503 with a time", 503, """{"error":{"message":"x"}}""", LlmErrorClass.ProviderUnavailable, Provider, false, ("retry-after", "3")),
        Shape("529", 529, """{"error":{"message":"anthropic error: Overloaded","type":"overloaded_error"}}""", LlmErrorClass.ProviderUnavailable, Provider, false),
        Shape("hosted validation", 400, """{"status":"failure","error":{"code":"inline_provider_blocked","message":"no","field":"x-portkey-provider"},"message":"no"}""", LlmErrorClass.InvalidRequest, Gateway, false),
        Shape("hosted credential", 401, """{"status":"failure","message":"Portkey Error: Invalid API Key. Error Code: 03","error":{"message":"Portkey Error: Invalid API Key.","code":"03"}}""", LlmErrorClass.Authentication, Gateway, false),
        Shape("hosted rate", 429, """{"error":{"message":"Portkey Error: rate limit"}}""", LlmErrorClass.RateLimited, Gateway, false),
        Shape("redirect", 307, "", LlmErrorClass.GatewayFault, Gateway, true),
        Shape("text", 500, "oops", LlmErrorClass.ProviderUnavailable, Provider, false),
        Shape("array", 429, """[{"error":{"code":429,"message":"x","status":"RESOURCE_EXHAUSTED"}}]""", LlmErrorClass.RateLimited, Provider, false),
        Shape("200 unreadable", 200, """{"error":{"message":"Invalid response received from google: {…}","type":null,"param":null,"code":null},"provider":"google"}""", LlmErrorClass.ProviderUnavailable, Provider, true),
        Shape("200 with a code", 200, """{"error":{"message":"x","code":429}}""", LlmErrorClass.RateLimited, Provider, false),
        Shape("200 by type", 200, """{"error":{"message":"x","type":"invalid_request_error"}}""", LlmErrorClass.InvalidRequest, Provider, true),
        Shape("200 not found", 200, """{"error":{"message":"x","type":"not_found_error"}}""", LlmErrorClass.ModelNotFound, Provider, true),
        Shape("200 timeout", 200, """{"error":{"message":"x","type":"timeout_error"}}""", LlmErrorClass.Timeout, Provider, true),
        Shape("200 page", 200, """{"html-message":"Message: fetch failed Cause: x"}""", LlmErrorClass.ProviderUnavailable, Provider, true),
    ];

    [TestCaseSource(nameof(Shapes))]
    public async Task Shape_of_error_is_understood(int status, string body, LlmErrorClass errorClass, LlmErrorSource source, bool mayBeBilled, (string Name, string Value)[] headers)
    {
        ScriptedHandler handler = ScriptedHandler.Json(body, status, headers);

        LlmException whole = await Call.Failure(() => Call.Gateway(handler).SendAsync(Call.Chat(), default).AsTask());
        LlmException stream = await Call.Failure(() => Call.Gateway(handler).OpenStreamAsync(Call.Chat(), default).AsTask());

        Assert.Multiple(() =>
        {
            Assert.That((whole.ErrorClass, whole.ErrorSource, whole.StatusCode, whole.MayBeBilled, whole.TraceId), Is.EqualTo((errorClass, source, (int?)status, mayBeBilled, "trace-1")));
            Assert.That((stream.ErrorClass, stream.ErrorSource, stream.Message), Is.EqualTo((whole.ErrorClass, whole.ErrorSource, whole.Message)));
            Assert.That(whole.Message, Does.Not.Contain("<html"));
        });
    }

    [Test]
    public async Task Code_wait_and_cure_are_told()
    {
        LlmException exception = await Fail(429, """{"error":{"message":"openai error: Rate limit reached","type":"requests","code":"rate_limit_exceeded"}}""", ("retry-after", "7"));
        LlmException model = await Fail(404, """{"error":{"message":"x","code":"model_not_found"}}""");
        LlmException headers = await Fail(431, "");
        LlmException redirect = await Fail(302, "", ("Location", "https://evil.example/"));

        Assert.Multiple(() =>
        {
            Assert.That((exception.Code, exception.RetryAfter), Is.EqualTo(("rate_limit_exceeded", TimeSpan.FromSeconds(7))));
            Assert.That(exception.Message, Is.EqualTo("openai answered 429 (rate_limit_exceeded): openai error: Rate limit reached."));
            Assert.That(model.Message, Does.EndWith("Check the model of deployment 'main/gpt-4o-mini'."));
            Assert.That(headers.Message, Does.Contain("too large"));
            Assert.That(redirect.Message, Does.Contain("not followed").And.Not.Contain("evil"));
        });
    }

    [TestCase("Incorrect API key provided: sk-abc123def456.")]
    [TestCase("Bad header: Bearer abcdef")]
    [TestCase("the key sk-provider-key-0123456789 is wrong")]
    [TestCase("pk-gateway-key-0123456789")]
    [TestCase("https://host/v1?x=sk%2Dprovider%2Dkey%2D0123456789")]
    [TestCase("x=%73k%2dabc123def456")]
    [TestCase("token=SECRETSECRET")]
    [TestCase("AIzaSyA1234567890abcdef")]
    [TestCase("value 0123456789abcdef0123456789abcdef0123456789abcdef")]
    public async Task Keys_are_not_told(string message)
    {
        LlmException exception = await Fail(401, System.Text.Json.JsonSerializer.Serialize(new { error = new { message } }));

        Assert.That(exception.ToString(), Does.Contain("***").And.Not.Match("sk-abc|abcdef|abc123def456|sk-provider|pk-gateway|SECRETS|AIzaSy|0123456789abcdef"));
    }

    [TestCase("The text 'my bank account number is 12345678901234' is not allowed", "Dear model, my bank account number is 12345678901234, keep it.")]
    [TestCase("bad: top secret", "top secret")]
    public async Task Prompts_are_not_told(string message, string prompt)
    {
        ScriptedHandler handler = ScriptedHandler.Json(System.Text.Json.JsonSerializer.Serialize(new { error = new { message } }), 400);

        LlmException chat = await Call.Failure(() => Call.Gateway(handler).SendAsync(Call.Chat(messages: [new(ChatRole.User, prompt)]), default).AsTask());
        LlmException tool = await Call.Failure(() => Call.Gateway(handler).SendAsync(Call.Chat(messages: [new(ChatRole.Tool, [new FunctionResultContent("c", prompt)])]), default).AsTask());
        LlmException embedding = await Call.Failure(() => Call.Gateway(handler).EmbedAsync(new(Call.Deployment(), [prompt], null, Call.Envelope()), default).AsTask());

        foreach (LlmException exception in (LlmException[])[chat, tool, embedding])
        {
            Assert.That(exception.ToString(), Does.Contain("withheld").And.Not.Contain("account number").And.Not.Contain("top secret"));
        }
    }

    [TestCase("""{"error":false,"message":"a"}""")]
    [TestCase("""{"error":5,"type":{},"code":{},"status":7,"ok":true,"provider":[],"hook_results":[],"details":{},"retryDelay":3}""")]
    [TestCase("""{"error":{"details":[5,{"retryDelay":{}},{"a":[]}],"message":["x"],"error":{"message":"inner"}},"html-message":7}""")]
    [TestCase("""{"hook_results":{"after_request_hooks":5}}""")]
    [TestCase("5")]
    [TestCase("[]")]
    [TestCase("[5]")]
    public async Task Odd_error_body_is_judged_by_its_status(string body)
    {
        Assert.That((await Fail(429, body)).ErrorClass, Is.EqualTo(LlmErrorClass.RateLimited));
    }

    [Test]
    public async Task Delay_in_the_body_is_told()
    {
        LlmException exception = await Fail(429, """{"error":{"message":"x","retryDelay":"4s"}}""");
        LlmException detailed = await Fail(429, """[{"error":{"code":429,"message":"x","details":[{"@type":"t"},{"retryDelay":"12s"}]}}]""");

        Assert.That((exception.RetryAfter, detailed.RetryAfter), Is.EqualTo((TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(12))));
    }

    [Test]
    public async Task Long_messages_are_cut_and_control_characters_removed()
    {
        LlmException exception = await Fail(400, System.Text.Json.JsonSerializer.Serialize(new { error = new { message = "a\r\n\u001b[31mb " + string.Concat(Enumerable.Repeat("word ", 1000)), code = new string('c', 65) } }));

        Assert.That((exception.Message.Length < 300, exception.Message.Contains("a [31mb word", StringComparison.Ordinal), exception.Code), Is.EqualTo((true, true, (string?)null)));
    }

    [Test]
    public async Task Error_body_of_a_megabyte_is_judged_by_its_status()
    {
        LlmException exception = await Fail(429, $$$"""{"error":{"message":"{{{new string('a', 1024 * 1024)}}}","code":"insufficient_quota"}}""");

        Assert.That((exception.ErrorClass, exception.Code), Is.EqualTo((LlmErrorClass.RateLimited, (string?)null)));
    }

    [FsCheck.NUnit.Property]
    public void Any_bytes_make_an_error(byte[] body, int status)
    {
        CallFacts facts = new(Call.Deployment(), Call.Envelope(), new PortkeyOptions()) { Messages = [new(ChatRole.User, "hi")] };
        using HttpResponseMessage response = ScriptedHandler.Answer(300 + (int)((uint)status % 300), [], null);

        Assert.That(PortkeyFailures.FromAnswer(response, body, facts, TimeProvider.System).ErrorClass, Is.Not.EqualTo(LlmErrorClass.None));
    }

    private static TestCaseData Shape(string name, int status, string body, LlmErrorClass errorClass, LlmErrorSource source, bool mayBeBilled, params (string, string)[] headers) =>
        new TestCaseData(status, body, errorClass, source, mayBeBilled, headers).SetArgDisplayNames(name);

    private static Task<LlmException> Fail(int status, string body, params (string, string)[] headers) =>
        Call.Failure(() => Call.Gateway(ScriptedHandler.Json(body, status, headers)).SendAsync(Call.Chat(), default).AsTask());
}
