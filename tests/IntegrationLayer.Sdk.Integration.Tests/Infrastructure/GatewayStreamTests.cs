using System.Net;
using System.Text.Json;
using IntegrationLayer.Sdk.TestSupport.Provider;

namespace IntegrationLayer.Sdk.Integration.Tests.Infrastructure;

public sealed class GatewayStreamTests : GatewayTest
{
    [Test]
    public async Task Stream_passes_every_event_up_to_DONE()
    {
        Provider.Script(Main, ProviderBehavior.Says("a", "b", "c"));

        using HttpResponseMessage response = await SendAsync(StreamedChat());
        IReadOnlyList<string> events = await ReadEventsAsync(response);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/event-stream"));
            Assert.That(TextOf(events), Is.EqualTo("abc"));
            Assert.That(events[^1], Is.EqualTo("[DONE]"));
            Assert.That(FinishReasonOf(events[^2]), Is.EqualTo("stop"));
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Usage_comes_in_a_chunk_of_its_own_only_if_asked_for(bool asked)
    {
        object body = new
        {
            model = "gpt-4o-mini",
            messages = new[] { new { role = "user", content = "hi" } },
            stream = true,
            stream_options = new { include_usage = asked },
        };

        using HttpResponseMessage response = await SendAsync(body);
        JsonElement[] chunks = ParseChunks(await ReadEventsAsync(response));

        JsonElement[] withUsage = [.. chunks.Where(chunk => chunk.GetProperty("usage").ValueKind == JsonValueKind.Object)];
        Assert.That(withUsage, Has.Length.EqualTo(asked ? 1 : 0));
        Assert.That(withUsage.Select(chunk => chunk.GetProperty("choices").GetArrayLength()), Is.All.Zero);
    }

    [Test]
    public async Task Tool_call_arrives_in_pieces()
    {
        Provider.Script(Main, ProviderBehavior.CallsTool("get_weather", """{"city":"Paris"}"""));

        using HttpResponseMessage response = await SendAsync(StreamedChat());
        JsonElement[] calls =
        [
            .. ParseChunks(await ReadEventsAsync(response))
                .Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta"))
                .Where(delta => delta.TryGetProperty("tool_calls", out _))
                .Select(delta => delta.GetProperty("tool_calls")[0].GetProperty("function")),
        ];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(calls, Has.Length.EqualTo(3));
            Assert.That(calls[0].GetProperty("name").GetString(), Is.EqualTo("get_weather"));
            Assert.That(
                string.Concat(calls.Select(call => call.GetProperty("arguments").GetString())),
                Is.EqualTo("""{"city":"Paris"}"""));
        }
    }

    // The SDK must look for a terminal event itself: HTTP says nothing.
    [Test]
    public async Task Truncated_stream_ends_cleanly_without_an_exception([Values] bool connectionBreaks)
    {
        StreamShape shape = connectionBreaks ? StreamShape.CutAfter(2) : StreamShape.TruncatedAfter(2);
        Provider.Script(Main, ProviderBehavior.Says("a", "b", "c") with { Stream = shape });

        using HttpResponseMessage response = await SendAsync(StreamedChat());
        IReadOnlyList<string> events = await ReadEventsAsync(response);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(events, Has.Count.EqualTo(2));
            Assert.That(TextOf(events), Is.EqualTo("a"));
            Assert.That(events.Select(FinishReasonOf), Is.All.Null);
        }
    }

    [Test]
    public async Task Error_event_inside_a_stream_passes_with_status_200()
    {
        Provider.Script(Main, ProviderBehavior.Says("a", "b") with { Stream = StreamShape.ErrorAfter(2) });

        using HttpResponseMessage response = await SendAsync(StreamedChat());
        IReadOnlyList<string> events = await ReadEventsAsync(response);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(events, Has.Count.EqualTo(3));
            Assert.That(JsonElement.Parse(events[2]).GetProperty("error").GetProperty("type").GetString(), Is.EqualTo("server_error"));
        }
    }

    [Test]
    public async Task Error_before_a_stream_is_plain_json_with_its_status()
    {
        Provider.Script(Main, ProviderBehavior.Fails(401));

        using HttpResponseMessage response = await SendAsync(StreamedChat());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/json"));
        }
    }

    [Test]
    public async Task Stalled_stream_delivers_what_came_before_and_goes_on_when_released()
    {
        TaskCompletionSource release = new();
        Provider.Script(Main, ProviderBehavior.Says("a", "b") with { Stream = StreamShape.StalledAfter(2, release.Task) });
        using HttpRequestMessage request = Post(Gateway.BaseAddress, StreamedChat(), Provider.HostFor(Main));

        using HttpResponseMessage response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync());
        string role = await NextEventAsync(reader);
        string first = await NextEventAsync(reader);
        Task<string> rest = reader.ReadToEndAsync();
        bool wasStalled = !rest.IsCompleted;
        release.SetResult();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(TextOf([role, first]), Is.EqualTo("a"));
            Assert.That(wasStalled, Is.True);
            Assert.That(await rest, Does.EndWith("data: [DONE]\n\n"));
        }
    }

    // Cancelled calls cost money: the provider goes on to the end of its answer.
    [Test]
    public async Task Caller_that_goes_away_does_not_stop_the_provider()
    {
        TaskCompletionSource release = new();
        Provider.Script(Main, ProviderBehavior.Says("a", "b") with { Stream = StreamShape.StalledAfter(2, release.Task) });
        using HttpRequestMessage request = Post(Gateway.BaseAddress, StreamedChat(), Provider.HostFor(Main));
        HttpResponseMessage response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        RecordedRequest seen = (await Provider.WaitForRequestsAsync(1, Main)).Single();

        response.Dispose();
        // Another call through the gateway gives it time to notice the closed connection.
        using HttpRequestMessage other = Post(Gateway.BaseAddress, StreamedChat(), Provider.HostFor("other"));
        using HttpResponseMessage otherResponse = await Client.SendAsync(other);
        release.SetResult();

        Assert.That(await seen.ClosedEarly, Is.False);
    }

    [Test]
    public async Task Events_with_carriage_returns_arrive_complete()
    {
        Provider.Script(Main, ProviderBehavior.Says("a", "b") with { Stream = new StreamShape { NewLine = "\r\n" } });

        using HttpResponseMessage response = await SendAsync(StreamedChat());
        string body = await response.Content.ReadAsStringAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(body, Does.Contain("\r\n\r\n"));
            Assert.That(TextOf(await ReadEventsAsync(response)), Is.EqualTo("ab"));
        }
    }

    [Test]
    public async Task Provider_that_ignores_stream_answers_whole_json()
    {
        Provider.Script(Main, ProviderBehavior.Sends(200, "application/json", """{"choices":[]}"""));

        using HttpResponseMessage response = await SendAsync(StreamedChat());

        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/json"));
    }

    private static JsonElement[] ParseChunks(IEnumerable<string> events) =>
        [.. events.Where(text => text != "[DONE]").Select(text => JsonElement.Parse(text))];

    private static string TextOf(IEnumerable<string> events) => string.Concat(ParseChunks(events)
        .Where(chunk => chunk.GetProperty("choices").GetArrayLength() > 0)
        .Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta"))
        .Select(delta => delta.TryGetProperty("content", out JsonElement content) ? content.GetString() : ""));

    private static string? FinishReasonOf(string chunk) =>
        JsonElement.Parse(chunk).GetProperty("choices")[0].GetProperty("finish_reason").GetString();

    private static async Task<string> NextEventAsync(StreamReader reader)
    {
        string? line = await reader.ReadLineAsync();
        string? separator = await reader.ReadLineAsync();
        Assert.That(separator, Is.Empty);
        return line?["data: ".Length..] ?? throw new EndOfStreamException("The stream ended before the next event.");
    }
}
