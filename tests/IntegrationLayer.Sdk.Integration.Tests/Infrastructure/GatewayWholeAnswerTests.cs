using System.Net;
using System.Text.Json;
using IntegrationLayer.Sdk.TestSupport.Provider;

namespace IntegrationLayer.Sdk.Integration.Tests.Infrastructure;

public sealed class GatewayWholeAnswerTests : GatewayTest
{
    [Test]
    public async Task Chat_comes_back_as_the_provider_said_it()
    {
        Provider.Script(Main, ProviderBehavior.Says("Good", " day"));

        using HttpResponseMessage response = await SendAsync(Chat());
        JsonElement body = await ReadJsonAsync(response);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(body.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString(), Is.EqualTo("Good day"));
            Assert.That(body.GetProperty("choices")[0].GetProperty("finish_reason").GetString(), Is.EqualTo("stop"));
            Assert.That(body.GetProperty("usage").GetProperty("total_tokens").GetInt32(), Is.EqualTo(13));
            Assert.That(Header(response, "x-portkey-provider"), Is.EqualTo("openai"));
            Assert.That(Header(response, "x-portkey-retry-attempt-count"), Is.EqualTo("0"));
        }
    }

    [Test]
    public async Task Provider_sees_the_key_and_the_known_fields_only()
    {
        object body = new { model = "m", messages = new[] { new { role = "user", content = "hi" } }, invented_field = 1, temperature = 5 };
        using HttpRequestMessage request = Post(Gateway.BaseAddress, body, Provider.HostFor(Main));
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        using HttpResponseMessage response = await Client.SendAsync(request);
        RecordedRequest seen = (await Provider.WaitForRequestsAsync(1, Main)).Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen.Headers["authorization"], Is.EqualTo("Bearer sk-test"));
            Assert.That(seen.Headers, Does.Not.ContainKey("traceparent"));
            Assert.That(seen.Property("invented_field"), Is.Null, "unknown fields are dropped silently");
            Assert.That(seen.Property("temperature")?.GetDouble(), Is.EqualTo(2), "values are clamped silently");
            Assert.That(seen.Model, Is.EqualTo("m"));
        }
    }

    [Test]
    public async Task Deployments_with_different_custom_hosts_behave_differently()
    {
        Provider.Script("broken", ProviderBehavior.Fails(503));
        Provider.Script("healthy", ProviderBehavior.Says("fine"));

        using HttpRequestMessage first = Post(Gateway.BaseAddress, Chat(), Provider.HostFor("broken"));
        using HttpRequestMessage second = Post(Gateway.BaseAddress, Chat(), Provider.HostFor("healthy"));
        using HttpResponseMessage broken = await Client.SendAsync(first);
        using HttpResponseMessage healthy = await Client.SendAsync(second);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(broken.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(healthy.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(Provider.RequestsTo("broken"), Has.Count.EqualTo(1));
            Assert.That(Provider.RequestsTo("healthy"), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task Tool_call_comes_back_whole()
    {
        Provider.Script(Main, ProviderBehavior.CallsTool("get_weather", """{"city":"Paris"}"""));

        using HttpResponseMessage response = await SendAsync(Chat());
        JsonElement choice = (await ReadJsonAsync(response)).GetProperty("choices")[0];
        JsonElement function = choice.GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(choice.GetProperty("finish_reason").GetString(), Is.EqualTo("tool_calls"));
            Assert.That(function.GetProperty("name").GetString(), Is.EqualTo("get_weather"));
            Assert.That(function.GetProperty("arguments").GetString(), Is.EqualTo("""{"city":"Paris"}"""));
        }
    }

    [Test]
    public async Task Embeddings_come_back_as_numbers_and_as_base64_with_the_same_values()
    {
        object Body(string format) => new { model = "text-embedding-3-small", input = new[] { "a", "b" }, dimensions = 4, encoding_format = format };

        using HttpResponseMessage numbers = await SendAsync(Body("float"), endpoint: "embeddings");
        using HttpResponseMessage encoded = await SendAsync(Body("base64"), endpoint: "embeddings");
        JsonElement asNumbers = (await ReadJsonAsync(numbers)).GetProperty("data")[1].GetProperty("embedding");
        byte[] asBytes = (await ReadJsonAsync(encoded)).GetProperty("data")[1].GetProperty("embedding").GetBytesFromBase64();

        float[] expected = [.. asNumbers.EnumerateArray().Select(value => value.GetSingle())];
        float[] actual = [.. Enumerable.Range(0, 4).Select(i => BitConverter.ToSingle(asBytes, i * 4))];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(expected, Has.Length.EqualTo(4));
            Assert.That(actual, Is.EqualTo(expected).Within(1e-6f));
        }
    }

    [Test]
    public async Task Models_are_listed_by_the_provider()
    {
        Provider.Script(Main, ProviderBehavior.Answers(new ProviderAnswer { Models = ["one", "two"] }));
        using HttpRequestMessage request = Post(Gateway.BaseAddress, new { }, Provider.HostFor(Main), endpoint: "models");
        request.Method = HttpMethod.Get;
        request.Content = null;

        using HttpResponseMessage response = await Client.SendAsync(request);
        JsonElement models = (await ReadJsonAsync(response)).GetProperty("data");

        Assert.That(models.EnumerateArray().Select(model => model.GetProperty("id").GetString()), Is.EqualTo(["one", "two"]));
    }
}
