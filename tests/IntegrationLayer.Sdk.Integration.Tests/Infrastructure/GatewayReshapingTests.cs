using System.Net;
using System.Text.Json;
using IntegrationLayer.Sdk.TestSupport.Provider;

namespace IntegrationLayer.Sdk.Integration.Tests.Infrastructure;

/// <summary>Other providers' formats leave the gateway in OpenAI's, but not with OpenAI's meaning.</summary>
public sealed class GatewayReshapingTests : GatewayTest
{
    private static readonly ProviderAnswer Cached = new()
    {
        Chunks = ["Bon", "jour"],
        Usage = new ProviderUsage(12, 6) { CacheReadTokens = 5, CacheWriteTokens = 4 },
    };

    [Test]
    public async Task Anthropic_request_is_sent_in_its_own_format()
    {
        object body = new
        {
            model = "claude-x",
            max_tokens = 50,
            messages = new[] { new { role = "system", content = "be brief" }, new { role = "user", content = "hi" } },
        };

        using HttpResponseMessage response = await SendAsync(body, "anthropic");
        RecordedRequest seen = (await Provider.WaitForRequestsAsync(1, Main)).Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(seen.Endpoint, Is.EqualTo("/v1/messages"));
            Assert.That(seen.Headers["x-api-key"], Is.EqualTo("sk-test"));
            Assert.That(seen.Property("system")?[0].GetProperty("text").GetString(), Is.EqualTo("be brief"));
            Assert.That(seen.Property("max_tokens")?.GetInt32(), Is.EqualTo(50));
        }
    }

    [Test]
    public async Task Anthropic_prompt_tokens_leave_out_the_cache()
    {
        Provider.Script(Main, ProviderBehavior.Answers(Cached));

        using HttpResponseMessage response = await SendAsync(Chat("claude-x"), "anthropic");
        JsonElement body = await ReadJsonAsync(response);

        Assert.That(body.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString(), Is.EqualTo("Bonjour"));
        AssertUsageBesideCache(body.GetProperty("usage"));
    }

    [Test]
    public async Task Anthropic_stream_is_reshaped_and_always_carries_usage()
    {
        Provider.Script(Main, ProviderBehavior.Answers(Cached));

        using HttpResponseMessage response = await SendAsync(StreamedChat("claude-x"), "anthropic");
        IReadOnlyList<string> events = await ReadEventsAsync(response);
        JsonElement last = JsonElement.Parse(events[^2]);

        Assert.That(events[^1], Is.EqualTo("[DONE]"));
        Assert.That(last.GetProperty("choices")[0].GetProperty("finish_reason").GetString(), Is.EqualTo("stop"));
        AssertUsageBesideCache(last.GetProperty("usage"));
    }

    [Test]
    public async Task Anthropic_tool_use_becomes_a_tool_call([Values] bool streamed)
    {
        Provider.Script(Main, ProviderBehavior.CallsTool("get_weather", """{"city":"Paris"}"""));

        using HttpResponseMessage response = await SendAsync(streamed ? StreamedChat("claude-x") : Chat("claude-x"), "anthropic");
        JsonElement[] messages = streamed
            ? [.. (await ReadEventsAsync(response)).SkipLast(1).Select(text => JsonElement.Parse(text).GetProperty("choices")[0].GetProperty("delta"))]
            : [(await ReadJsonAsync(response)).GetProperty("choices")[0].GetProperty("message")];

        string arguments = string.Concat(messages
            .Where(message => message.TryGetProperty("tool_calls", out _))
            .Select(message => message.GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString()));
        Assert.That(arguments, Is.EqualTo("""{"city":"Paris"}"""));
    }

    [Test]
    public async Task Anthropic_error_inside_a_stream_hides_in_the_finish_reason()
    {
        Provider.Script(Main, ProviderBehavior.Answers(Cached) with { Stream = StreamShape.ErrorAfter(4) });

        using HttpResponseMessage response = await SendAsync(StreamedChat("claude-x"), "anthropic");
        IReadOnlyList<string> events = await ReadEventsAsync(response);
        JsonElement last = JsonElement.Parse(events[^2]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(events[^1], Is.EqualTo("[DONE]"));
            Assert.That(last.TryGetProperty("error", out _), Is.False);
            Assert.That(last.GetProperty("choices")[0].GetProperty("finish_reason").GetString(), Is.EqualTo("overloaded_error"));
        }
    }

    [Test]
    public async Task Anthropic_error_becomes_the_common_shape()
    {
        Provider.Script(Main, ProviderBehavior.Fails(529, "Overloaded"));

        using HttpResponseMessage response = await SendAsync(Chat("claude-x"), "anthropic");
        JsonElement error = (await ReadJsonAsync(response)).GetProperty("error");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(529));
            Assert.That(error.GetProperty("message").GetString(), Is.EqualTo("anthropic error: Overloaded"));
            Assert.That(error.GetProperty("type").GetString(), Is.EqualTo("overloaded_error"));
        }
    }

    [Test]
    public async Task Anthropic_native_stream_passes_on_its_own_endpoint()
    {
        object body = new { model = "claude-x", max_tokens = 5, stream = true, messages = new[] { new { role = "user", content = "hi" } } };

        using HttpResponseMessage response = await SendAsync(body, "anthropic", "messages");
        string text = await response.Content.ReadAsStringAsync();

        Assert.That(text, Does.StartWith("event: message_start\n").And.Contain("event: message_stop\n"));
    }

    [Test]
    public async Task Google_usage_counts_the_cache_in_and_reasoning_out()
    {
        ProviderAnswer answer = new() { Usage = new ProviderUsage(12, 6) { CacheReadTokens = 5, ReasoningTokens = 2 } };
        Provider.Script(Main, ProviderBehavior.Answers(answer));

        using HttpResponseMessage response = await SendToGoogleAsync(Chat("gemini-x"));
        JsonElement usage = (await ReadJsonAsync(response)).GetProperty("usage");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Provider.Requests.Single().Query, Does.Contain("key=sk-test"));
            Assert.That(usage.GetProperty("prompt_tokens").GetInt32(), Is.EqualTo(17));
            Assert.That(usage.GetProperty("completion_tokens").GetInt32(), Is.EqualTo(4));
            Assert.That(usage.GetProperty("completion_tokens_details").GetProperty("reasoning_tokens").GetInt32(), Is.EqualTo(2));
            Assert.That(usage.GetProperty("total_tokens").GetInt32(), Is.EqualTo(23));
        }
    }

    [Test]
    public async Task Google_stream_ends_with_a_finish_reason_and_without_DONE()
    {
        Provider.Script(Main, ProviderBehavior.Says("a", "b"));

        using HttpResponseMessage response = await SendToGoogleAsync(StreamedChat("gemini-x"));
        JsonElement[] chunks = [.. (await ReadEventsAsync(response)).Select(text => JsonElement.Parse(text))];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(chunks, Has.Length.EqualTo(2));
            Assert.That(chunks.Select(chunk => chunk.GetProperty("usage").GetProperty("total_tokens").GetInt32()), Is.All.EqualTo(13));
            Assert.That(chunks[^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString(), Is.EqualTo("stop"));
        }
    }

    private async Task<HttpResponseMessage> SendToGoogleAsync(object body)
    {
        using HttpRequestMessage request = Post(Gateway.BaseAddress, body, Provider.GoogleHostFor(Main), "google");
        return await Client.SendAsync(request);
    }

    private static void AssertUsageBesideCache(JsonElement usage)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(usage.GetProperty("prompt_tokens").GetInt32(), Is.EqualTo(12));
            Assert.That(usage.GetProperty("completion_tokens").GetInt32(), Is.EqualTo(6));
            Assert.That(usage.GetProperty("cache_read_input_tokens").GetInt32(), Is.EqualTo(5));
            Assert.That(usage.GetProperty("cache_creation_input_tokens").GetInt32(), Is.EqualTo(4));
            Assert.That(usage.GetProperty("total_tokens").GetInt32(), Is.EqualTo(27));
        }
    }
}
