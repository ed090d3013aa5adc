using System.Net;
using System.Text.Json;

namespace IntegrationLayer.Sdk.Testing.Tests;

[TestFixture(Front.Handler)]
[TestFixture(Front.Server)]
public sealed class FakePortkeyErrorTests(Front front)
{
    private const string Hook =
        """{"verdict":false,"id":"input_guardrail_fake","transformed":false,"checks":[{"verdict":false,"id":"default.contains"}],"type":"guardrail","deny":true}""";

    private static IEnumerable<TestCaseData<ErrorCase>> Cases()
    {
        static TestCaseData<ErrorCase> Named(string name, FakePortkeyError error, int status, string body, Headers headers, bool anthropic = false) =>
            new(new ErrorCase(error, status, body, headers, anthropic ? "anthropic" : "openai")) { TestName = $"{{m}}({name})" };

        yield return Named("validation", FakePortkeyError.Validation(), 400,
            """{"status":"failure","message":"Either x-portkey-config or x-portkey-provider header is required"}""", Headers.None);
        yield return Named("validation with details", FakePortkeyError.Validation("Invalid config passed", "path: a"), 400,
            """{"status":"failure","message":"Invalid config passed","errors":["path: a"]}""", Headers.None);
        yield return Named("no route", FakePortkeyError.NotFound(), 404, """{"message":"Not Found","ok":false}""", Headers.None);
        yield return Named("provider", FakePortkeyError.Provider(422, "bad", "t", "c", "p"), 422,
            """{"error":{"message":"openai error: bad","type":"t","param":"p","code":"c"},"provider":"openai"}""", Headers.All);
        yield return Named("rate limit", FakePortkeyError.RateLimited(), 429,
            """{"error":{"message":"openai error: Rate limit reached for requests","type":"requests","param":null,"code":"rate_limit_exceeded"},"provider":"openai"}""", Headers.All);
        yield return Named("quota", FakePortkeyError.InsufficientQuota(), 429,
            """{"error":{"message":"openai error: You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","param":null,"code":"insufficient_quota"},"provider":"openai"}""", Headers.All);
        yield return Named("key", FakePortkeyError.Unauthorized(), 401,
            """{"error":{"message":"openai error: Incorrect API key provided: sk-fake.","type":"invalid_request_error","param":null,"code":"invalid_api_key"},"provider":"openai"}""", Headers.All);
        yield return Named("context", FakePortkeyError.ContextLengthExceeded(8192), 400,
            """{"error":{"message":"openai error: This model's maximum context length is 8192 tokens. Please reduce the length of the messages.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"},"provider":"openai"}""", Headers.All);
        yield return Named("policy", FakePortkeyError.ContentPolicy(), 400,
            """{"error":{"message":"openai error: Your request was rejected as a result of our safety system.","type":"invalid_request_error","param":null,"code":"content_policy_violation"},"provider":"openai"}""", Headers.All);
        yield return Named("server error", FakePortkeyError.ServerError(), 500,
            """{"error":{"message":"openai error: The server had an error while processing your request","type":"server_error","param":null,"code":null},"provider":"openai"}""", Headers.All);
        yield return Named("unavailable", FakePortkeyError.ServiceUnavailable(), 503,
            """{"error":{"message":"openai error: The server is overloaded or not ready yet.","type":"server_error","param":null,"code":null},"provider":"openai"}""", Headers.All);
        yield return Named("overloaded", FakePortkeyError.Overloaded(), 529,
            """{"error":{"message":"anthropic error: Overloaded","type":"overloaded_error","param":null,"code":null},"provider":"anthropic"}""", Headers.All, anthropic: true);
        yield return Named("untouched", FakePortkeyError.Untouched(412, "The server had an error (412)"), 412,
            """{"error":{"message":"The server had an error (412)","type":"server_error","param":null,"code":null}}""", Headers.All);
        yield return Named("unreachable", FakePortkeyError.Unreachable(), 500,
            """{"html-message":"Message: fetch failed Cause: Error: connect ECONNREFUSED 127.0.0.1:9199 Name: TypeError"}""", Headers.All);
        yield return Named("upstream html", FakePortkeyError.UpstreamHtml(), 502,
            """{"html-message":"<html><body>502 Bad Gateway</body></html>"}""", Headers.All);
        yield return Named("timeout", FakePortkeyError.GatewayTimeout(TimeSpan.FromMilliseconds(300)), 408,
            """{"error":{"message":"Request exceeded the timeout sent in the request: 300ms","type":"timeout_error","param":null,"code":null}}""", Headers.All);
        yield return Named("guardrail", FakePortkeyError.GuardrailDenied(), 446,
            $$$"""{"error":{"message":"The guardrail checks defined in the config failed. You can find more information in the `hook_results` object.","type":"hooks_failed","param":null,"code":null},"hook_results":{"before_request_hooks":[{{{Hook}}}],"after_request_hooks":[]}}""", Headers.WithoutCacheStatus);
        yield return Named("exception", FakePortkeyError.GatewayException(), 500,
            """{"status":"failure","message":"Something went wrong"}""", Headers.Exception);
        yield return Named("error in a success", FakePortkeyError.ErrorInSuccess(), 200,
            """{"error":{"message":"Invalid response received from openai: {}","type":null,"param":null,"code":null},"provider":"openai"}""", Headers.All);
        yield return Named("headers too large", FakePortkeyError.HeadersTooLarge(), 431, "", Headers.None);
        yield return Named("hosted validation", FakePortkeyError.HostedValidation(), 400,
            """{"status":"failure","error":{"code":"inline_provider_blocked","message":"Inline providers are not allowed","field":"x-portkey-provider"},"message":"Inline providers are not allowed"}""", Headers.None);
        yield return Named("hosted", FakePortkeyError.Hosted(), 401,
            """{"status":"failure","message":"Portkey Error: Invalid API Key. Error Code: 03","error":{"message":"Portkey Error: Invalid API Key","code":"03"}}""", Headers.None);
        yield return Named("hosted budget", FakePortkeyError.HostedBudgetExhausted(), 412,
            """{"status":"failure","message":"Portkey Error: Usage limit exceeded. Error Code: 412","error":{"message":"Portkey Error: Usage limit exceeded","code":"412"}}""", Headers.None);
        yield return Named("hosted rate limit", FakePortkeyError.HostedRateLimited(), 429,
            """{"status":"failure","message":"Portkey Error: Rate limit exceeded. Error Code: 429","error":{"message":"Portkey Error: Rate limit exceeded","code":"429"}}""", Headers.None);
        yield return Named("html page", FakePortkeyError.HtmlPage(), 502, "<html><body><h1>502 Bad Gateway</h1></body></html>", Headers.None);
        yield return Named("broken json", FakePortkeyError.BrokenJson(), 200,
            """{"id":"chatcmpl-fake","object":"chat.completion","choices":[{"mess""", Headers.None);
        yield return Named("raw", FakePortkeyError.Raw(418, "teapot", "text/plain"), 418, "teapot", Headers.None);
    }

    [TestCaseSource(nameof(Cases))]
    public async Task Error_has_the_shape_of_the_gateway(ErrorCase expected)
    {
        FakePortkey fake = new();
        fake.OnChat().Fail(expected.Error);
        await using GatewayClient client = await GatewayClient.OpenAsync(front, fake);

        // Errors are plain bodies for streamed requests too.
        foreach (bool stream in new[] { false, true })
        {
            using HttpResponseMessage response = await client.SendAsync(GatewayClient.Request(stream: stream, provider: expected.Provider));

            Assert.That((int)response.StatusCode, Is.EqualTo(expected.Status));
            Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(expected.Body));
            Assert.That(response.Headers.Contains("x-portkey-provider"), Is.EqualTo(expected.Headers is Headers.All or Headers.WithoutCacheStatus));
            Assert.That(response.Headers.Contains("x-portkey-cache-status"), Is.EqualTo(expected.Headers is Headers.All));
            Assert.That(response.Headers.Contains("x-portkey-gateway-exception"), Is.EqualTo(expected.Headers is Headers.Exception));
        }
    }

    [Test]
    public async Task Rate_limit_sends_retry_after_in_whole_seconds()
    {
        FakePortkey fake = new();
        fake.OnChat().Fail(FakePortkeyError.RateLimited(TimeSpan.FromMilliseconds(6100)));
        await using GatewayClient client = await GatewayClient.OpenAsync(front, fake);

        using HttpResponseMessage response = await client.SendAsync(GatewayClient.Request());

        Assert.That(response.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(7)));
    }

    [Test]
    public async Task Redirect_names_its_target()
    {
        FakePortkey fake = new();
        fake.OnChat().Fail(FakePortkeyError.Redirect(new Uri("http://169.254.169.254/latest/")));
        await using GatewayClient client = await GatewayClient.OpenAsync(front, fake);

        using HttpResponseMessage response = await client.SendAsync(GatewayClient.Request());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.TemporaryRedirect));
        Assert.That(response.Headers.Location, Is.EqualTo(new Uri("http://169.254.169.254/latest/")));
    }

    [TestCase(1)]
    [TestCase(200_000)]
    public async Task Oversized_body_is_a_valid_answer_of_unknown_length(int bytes)
    {
        FakePortkey fake = new();
        fake.OnChat().Fail(FakePortkeyError.OversizedBody(bytes));
        await using GatewayClient client = await GatewayClient.OpenAsync(front, fake);

        using HttpResponseMessage response = await client.SendAsync(GatewayClient.Request());
        Assert.That(response.Content.Headers.ContentLength, Is.Null);
        JsonElement json = await GatewayClient.JsonAsync(response);

        Assert.That(json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString(), Has.Length.EqualTo(bytes));
    }

    [Test]
    public async Task Request_headers_beyond_16_KiB_are_answered_431_without_body()
    {
        FakePortkey fake = new();
        fake.OnChat().Reply("x");
        await using GatewayClient client = await GatewayClient.OpenAsync(front, fake);

        HttpRequestMessage large = GatewayClient.Request();
        large.Headers.Add("x-portkey-config", new string('c', 16_384));
        using HttpResponseMessage refused = await client.SendAsync(large);
        HttpRequestMessage small = GatewayClient.Request();
        small.Headers.Add("x-portkey-config", new string('c', 15_500));
        using HttpResponseMessage accepted = await client.SendAsync(small);

        Assert.That((int)refused.StatusCode, Is.EqualTo(431));
        Assert.That(await refused.Content.ReadAsByteArrayAsync(), Is.Empty);
        Assert.That(refused.Content.Headers.ContentType, Is.Null);
        Assert.That((int)accepted.StatusCode, Is.EqualTo(200));
    }

    [Test]
    public async Task Reset_fails_like_a_socket()
    {
        FakePortkey fake = new();
        fake.OnChat().Reset();
        await using GatewayClient client = await GatewayClient.OpenAsync(front, fake);

        HttpRequestException exception = (await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(GatewayClient.Request())))!;

        Assert.That(exception.InnerException, Is.InstanceOf<IOException>());
        Assert.That(await fake.Requests[0].Outcome, Is.EqualTo(FakePortkeyOutcome.Reset));
    }

    [Test]
    public void Arguments_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => FakePortkeyError.Provider(199, "x"));
        Assert.Throws<ArgumentOutOfRangeException>(() => FakePortkeyError.Raw(600, "x"));
        Assert.Throws<ArgumentOutOfRangeException>(() => FakePortkeyError.OversizedBody(0));
        Assert.Throws<ArgumentException>(() => FakePortkeyError.NotFound().WithHeader("x-a", "line\r\nbreak"));
        Assert.Throws<ArgumentException>(() => FakePortkeyError.NotFound().WithHeader("Content-Type", "text/plain"));
    }

    public enum Headers
    {
        None,
        Exception,
        WithoutCacheStatus,
        All,
    }

    public sealed record ErrorCase(FakePortkeyError Error, int Status, string Body, Headers Headers, string Provider);
}
