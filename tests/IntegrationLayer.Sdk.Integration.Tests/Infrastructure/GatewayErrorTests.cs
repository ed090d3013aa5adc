using System.Net;
using System.Text.Json;
using IntegrationLayer.Sdk.TestSupport.Provider;

namespace IntegrationLayer.Sdk.Integration.Tests.Infrastructure;

/// <summary>The shapes in which failures leave the gateway.</summary>
public sealed class GatewayErrorTests : GatewayTest
{
    [Test]
    public async Task Rate_limit_keeps_its_status_and_retry_after()
    {
        Provider.Script(Main, ProviderBehavior.Fails(429, "Rate limit reached", retryAfter: "7"));

        using HttpResponseMessage response = await SendAsync(Chat());
        JsonElement body = await ReadJsonAsync(response);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
            Assert.That(response.Headers.RetryAfter?.Delta, Is.EqualTo(TimeSpan.FromSeconds(7)));
            Assert.That(body.GetProperty("provider").GetString(), Is.EqualTo("openai"));
            Assert.That(body.GetProperty("error").GetProperty("message").GetString(), Is.EqualTo("openai error: Rate limit reached"));
            Assert.That(body.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("rate_limit_exceeded"));
        }
    }

    [Test]
    public async Task Reset_connection_becomes_500_with_an_html_message()
    {
        Provider.Script(Main, ProviderBehavior.Resets());

        using HttpResponseMessage response = await SendAsync(Chat());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That((await ReadJsonAsync(response)).GetProperty("html-message").GetString(), Does.StartWith("Message: fetch failed"));
    }

    [Test]
    public async Task Html_page_keeps_its_status_and_becomes_an_html_message()
    {
        Provider.Script(Main, ProviderBehavior.SendsHtml(502));

        using HttpResponseMessage response = await SendAsync(Chat());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadGateway));
        Assert.That((await ReadJsonAsync(response)).GetProperty("html-message").GetString(), Does.Contain("502 from a proxy"));
    }

    [Test]
    public async Task Broken_json_becomes_a_gateway_exception()
    {
        Provider.Script(Main, ProviderBehavior.SendsBrokenJson());

        using HttpResponseMessage response = await SendAsync(Chat());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
            Assert.That(Header(response, "x-portkey-gateway-exception"), Is.EqualTo("true"));
            Assert.That(Header(response, "x-portkey-provider"), Is.Null);
        }
    }

    [Test]
    public async Task Error_body_with_status_200_passes_as_200()
    {
        Provider.Script(Main, ProviderBehavior.SendsErrorWithSuccess("overloaded"));

        using HttpResponseMessage response = await SendAsync(Chat());
        JsonElement body = await ReadJsonAsync(response);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(body.GetProperty("error").GetProperty("message").GetString(), Is.EqualTo("overloaded"));
    }

    [Test]
    public async Task Request_timeout_becomes_408_and_closes_the_upstream_call()
    {
        Provider.Script(Main, ProviderBehavior.Says("too late") with { HoldHeaders = Never });

        using HttpResponseMessage response = await SendWithTimeoutAsync(Main);
        JsonElement error = (await ReadJsonAsync(response)).GetProperty("error");
        RecordedRequest seen = (await Provider.WaitForRequestsAsync(1, Main)).Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestTimeout));
            Assert.That(error.GetProperty("type").GetString(), Is.EqualTo("timeout_error"));
            Assert.That(error.GetProperty("message").GetString(), Does.EndWith(": 150ms"));
            Assert.That(await seen.ClosedEarly, Is.True);
        }
    }

    // The SDK needs its own limits on bodies and streams.
    [Test]
    public async Task Request_timeout_does_not_cover_the_body()
    {
        TaskCompletionSource release = new();
        Provider.Script(Main, ProviderBehavior.Says("slow body") with { HoldBody = release.Task });
        Provider.Script("clock", ProviderBehavior.Says("never") with { HoldHeaders = Never });

        Task<HttpResponseMessage> slow = SendWithTimeoutAsync(Main);
        await Provider.WaitForRequestsAsync(1, Main);
        // Its timeout ends after that of the slow call, which began before it.
        using HttpResponseMessage timedOut = await SendWithTimeoutAsync("clock");
        release.SetResult();
        using HttpResponseMessage response = await slow;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(timedOut.StatusCode, Is.EqualTo(HttpStatusCode.RequestTimeout));
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    [Test]
    public async Task Missing_provider_is_refused_without_an_error_object()
    {
        using HttpRequestMessage request = Post(Gateway.BaseAddress, Chat(), Provider.HostFor(Main));
        request.Headers.Remove("x-portkey-provider");

        using HttpResponseMessage response = await Client.SendAsync(request);
        JsonElement body = await ReadJsonAsync(response);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(body.GetProperty("status").GetString(), Is.EqualTo("failure"));
            Assert.That(Provider.Requests, Is.Empty);
        }
    }

    private static Task Never => new TaskCompletionSource().Task;

    private async Task<HttpResponseMessage> SendWithTimeoutAsync(string prefix)
    {
        using HttpRequestMessage request = Post(Gateway.BaseAddress, Chat(), Provider.HostFor(prefix));
        request.Headers.Add("x-portkey-request-timeout", "150");
        return await Client.SendAsync(request);
    }
}
