using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.DependencyInjection;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace IntegrationLayer.Sdk.Integration.Tests.Sdk;

/// <summary>What no gateway sends but a wrong address may: answers of some other HTTP server.</summary>
internal sealed class ScriptedHttpTests
{
    private const string Answer = """{"id":"c1","object":"chat.completion","model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""";

    private WireMockServer _server = null!;
    private ServiceProvider _provider = null!;

    private ILlmClient Client => _provider.GetRequiredService<ILlmClient>();

    [SetUp]
    public void SetUp()
    {
        _server = WireMockServer.Start();
        var services = new ServiceCollection();
        services.AddIntegrationLayer(options =>
        {
            options.Portkey.Endpoint = new Uri($"{_server.Url}/v1/");
            options.MaxAttempts = 1;
            options.Accounts["openai"] = new AccountOptions { Provider = "openai", ApiKey = "sk-test", Models = { "gpt-4o-mini" } };
        });
        _provider = services.BuildServiceProvider();
    }

    [TearDown]
    public async Task TearDown()
    {
        await _provider.DisposeAsync();
        _server.Dispose();
    }

    [Test]
    public async Task Answer_is_read_and_the_request_carries_the_headers_of_the_gateway()
    {
        _server.Given(Request.Create().WithPath("/v1/chat/completions").UsingPost()
                .WithHeader("x-portkey-provider", "openai").WithHeader("Authorization", "Bearer sk-test").WithHeader("x-portkey-request-timeout", "*"))
            .RespondWith(Response.Create().WithHeader("content-type", "application/json").WithBody(Answer));

        Assert.That((await Client.GetResponseAsync("hello")).Text, Is.EqualTo("hi"));
    }

    [Test]
    public async Task Redirect_is_not_followed_and_the_other_address_sees_nothing()
    {
        _server.Given(Request.Create().WithPath("/v1/chat/completions"))
            .RespondWith(Response.Create().WithStatusCode(307).WithHeader("location", $"{_server.Url}/elsewhere"));
        _server.Given(Request.Create().WithPath("/elsewhere")).RespondWith(Response.Create().WithHeader("content-type", "application/json").WithBody(Answer));

        LlmException? e = await Assert.ThrowsAsync<LlmException>(() => Client.GetResponseAsync("hello"));
        Assert.That(e!.Message, Does.Contain("Redirects are not followed"));
        Assert.That(_server.LogEntries.Select(l => l.RequestMessage!.Path), Is.EqualTo(new[] { "/v1/chat/completions" }));
    }

    [Test]
    public async Task Page_of_another_server_is_a_fault_of_the_gateway_and_isnt_quoted()
    {
        _server.Given(Request.Create().WithPath("/v1/chat/completions"))
            .RespondWith(Response.Create().WithHeader("content-type", "text/html").WithBody("<html><body>Log in to the hotel's network, hello</body></html>"));

        LlmException? e = await Assert.ThrowsAsync<LlmException>(() => Client.GetResponseAsync("hello"));
        Assert.That(e!.ErrorClass, Is.EqualTo(LlmErrorClass.GatewayFault).Or.EqualTo(LlmErrorClass.BadOutput));
        Assert.That(e.ToString(), Does.Not.Contain("hotel"));
    }

    [Test]
    public async Task Rate_limit_is_told_with_the_time_to_wait_and_passes()
    {
        _server.Given(Request.Create().WithPath("/v1/chat/completions")).InScenario("s").WillSetStateTo("up")
            .RespondWith(Response.Create().WithStatusCode(429).WithHeader("retry-after", "7").WithHeader("content-type", "application/json").WithBody("""{"error":{"message":"slow down"}}"""));
        _server.Given(Request.Create().WithPath("/v1/chat/completions")).InScenario("s").WhenStateIs("up")
            .RespondWith(Response.Create().WithHeader("content-type", "application/json").WithBody(Answer));

        LlmException? e = await Assert.ThrowsAsync<LlmException>(() => Client.GetResponseAsync("hello"));
        Assert.That((e!.ErrorClass, e.RetryAfter), Is.EqualTo((LlmErrorClass.RateLimited, (TimeSpan?)TimeSpan.FromSeconds(7))));
        Assert.That((await Client.GetResponseAsync("hello")).Text, Is.EqualTo("hi"));
    }
}
