using System.Text.Json;

namespace IntegrationLayer.Sdk.Testing.Tests;

[TestFixture(Front.Handler)]
[TestFixture(Front.Server)]
public sealed class FakePortkeyChatTests(Front front)
{
    private FakePortkey _fake = null!;
    private GatewayClient _client = null!;

    [SetUp]
    public async Task Open()
    {
        _fake = new FakePortkey();
        _client = await GatewayClient.OpenAsync(front, _fake);
    }

    [TearDown]
    public async Task Close() => await _client.DisposeAsync();

    [Test]
    public async Task Reply_to_a_whole_request_has_the_shape_and_headers_of_the_gateway()
    {
        _fake.OnChat("gpt-4o-mini").Reply("Hello there");

        HttpRequestMessage request = GatewayClient.Request("gpt-4o-mini", prompt: "Say hello");
        request.Headers.Add("x-portkey-trace-id", "trace-7");
        using HttpResponseMessage response = await _client.SendAsync(request);
        JsonElement json = await GatewayClient.JsonAsync(response);

        Assert.That((int)response.StatusCode, Is.EqualTo(200));
        Assert.That(json.GetRawText(), Is.EqualTo(
            """{"id":"chatcmpl-fake1","object":"chat.completion","created":1700000000,"model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":"Hello there","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":3,"total_tokens":6,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}}"""));
        Assert.That(Header(response, "x-portkey-provider"), Is.EqualTo("openai"));
        Assert.That(Header(response, "x-portkey-cache-status"), Is.EqualTo("DISABLED"));
        Assert.That(Header(response, "x-portkey-retry-attempt-count"), Is.EqualTo("0"));
        Assert.That(Header(response, "x-portkey-last-used-option-index"), Is.EqualTo("config"));
        Assert.That(Header(response, "x-portkey-trace-id"), Is.EqualTo("trace-7"));
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/json"));
        _fake.VerifyAllCalled();
    }

    [Test]
    public async Task Reply_without_a_trace_id_echoes_an_empty_one()
    {
        _fake.OnChat().Reply("x");

        (HttpResponseMessage response, _) = await _client.ChatAsync();

        Assert.That(Header(response, "x-portkey-trace-id"), Is.Empty);
    }

    [Test]
    public async Task Reply_to_a_streamed_request_comes_as_events_without_usage()
    {
        _fake.OnChat("m").Reply("Hello streaming world");

        StreamReading stream = await _client.StreamAsync();

        Assert.That(stream.Response.Content.Headers.ContentType!.ToString(), Is.EqualTo("text/event-stream; charset=utf-8"));
        Assert.That(stream.Text, Is.EqualTo("Hello streaming world"));
        Assert.That(stream.Payloads[0], Is.EqualTo(
            """{"id":"chatcmpl-fake1","object":"chat.completion.chunk","created":1700000000,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}"""));
        Assert.That(stream.Chunks, Has.Count.EqualTo(5));
        Assert.That(stream.FinishReason, Is.EqualTo("stop"));
        Assert.That(stream.Usages, Is.Empty);
        Assert.That(stream.IsDone);
    }

    [Test]
    public async Task Reply_to_a_streamed_request_that_asks_for_usage_ends_with_a_usage_chunk()
    {
        _fake.OnChat("m").Reply(FakePortkeyReply.Text("Hi").WithUsage(11, 9, cachedTokens: 3, reasoningTokens: 2));

        StreamReading stream = await _client.StreamAsync(usage: true);

        Assert.That(stream.Chunks[0].GetProperty("usage").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(stream.Chunks[^1].GetProperty("choices").GetArrayLength(), Is.Zero);
        Assert.That(stream.Usages.Single().GetRawText(), Is.EqualTo(
            """{"prompt_tokens":11,"completion_tokens":9,"total_tokens":20,"prompt_tokens_details":{"cached_tokens":3},"completion_tokens_details":{"reasoning_tokens":2}}"""));
        Assert.That(stream.IsDone);
    }

    [Test]
    public async Task ReplyStream_keeps_its_chunks_and_answers_whole_requests_whole()
    {
        _fake.OnChat("m").ReplyStream("Hel", "", "lo");

        StreamReading stream = await _client.StreamAsync();
        string whole = await _client.TextAsync();

        Assert.That(stream.Deltas.Skip(1).SkipLast(1).Select(delta => delta.GetProperty("content").GetString()), Is.EqualTo(new[] { "Hel", "", "lo" }));
        Assert.That(whole, Is.EqualTo("Hello"));
    }

    [Test]
    public async Task ReplyToolCall_answers_whole_and_streamed()
    {
        _fake.OnChat("m").ReplyToolCall("get_weather", """{"city":"Paris"}""");

        (_, JsonElement whole) = await _client.ChatAsync();
        StreamReading stream = await _client.StreamAsync();

        JsonElement call = whole.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls")[0];
        Assert.That(call.GetRawText(), Is.EqualTo(
            """{"id":"call_fake1_0","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Paris\"}"}}"""));
        Assert.That(whole.GetProperty("choices")[0].GetProperty("message").GetProperty("content").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(whole.GetProperty("choices")[0].GetProperty("finish_reason").GetString(), Is.EqualTo("tool_calls"));
        JsonElement[] pieces = [.. stream.Deltas.Where(delta => delta.TryGetProperty("tool_calls", out _)).Select(delta => delta.GetProperty("tool_calls")[0])];
        Assert.That(pieces[0].GetProperty("function").GetProperty("name").GetString(), Is.EqualTo("get_weather"));
        Assert.That(string.Concat(pieces.Select(piece => piece.GetProperty("function").GetProperty("arguments").GetString())), Is.EqualTo("""{"city":"Paris"}"""));
        Assert.That(pieces.Select(piece => piece.GetProperty("index").GetInt32()), Is.All.Zero);
        Assert.That(stream.FinishReason, Is.EqualTo("tool_calls"));
    }

    [Test]
    public async Task Tool_calls_beside_a_text_are_numbered()
    {
        _fake.OnChat("m").Reply(FakePortkeyReply.Text("Let me look.").WithToolCall("a", "{}").WithToolCall("b", "\"🙂\""));

        StreamReading stream = await _client.StreamAsync();

        Assert.That(stream.Text, Is.EqualTo("Let me look."));
        IEnumerable<JsonElement> pieces = stream.Deltas.Where(delta => delta.TryGetProperty("tool_calls", out _)).Select(delta => delta.GetProperty("tool_calls")[0]);
        ILookup<int, string?> arguments = pieces.ToLookup(
            piece => piece.GetProperty("index").GetInt32(), piece => piece.GetProperty("function").GetProperty("arguments").GetString());
        Assert.That(string.Concat(arguments[0]), Is.EqualTo("{}"));
        Assert.That(string.Concat(arguments[1]), Is.EqualTo("\"🙂\""));
    }

    [Test]
    public async Task Anthropic_usage_leaves_cached_tokens_out_of_the_prompt()
    {
        _fake.OnChat("claude-x").Reply(FakePortkeyReply.Text("Hello").WithUsage(21, 6, cachedTokens: 5, cacheWriteTokens: 4));

        (_, JsonElement whole) = await _client.ChatAsync("claude-x", provider: "anthropic");
        StreamReading stream = await _client.StreamAsync(model: "claude-x", provider: "anthropic");

        const string Usage = """{"prompt_tokens":12,"cache_read_input_tokens":5,"cache_creation_input_tokens":4,"completion_tokens":6,"total_tokens":27,"prompt_tokens_details":{"cached_tokens":5}}""";
        Assert.That(whole.GetProperty("usage").GetRawText(), Is.EqualTo(Usage));
        Assert.That(whole.GetProperty("provider").GetString(), Is.EqualTo("anthropic"));
        Assert.That(stream.Usages.Single().GetRawText(), Is.EqualTo(Usage));
        Assert.That(stream.Chunks[^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString(), Is.EqualTo("stop"));
        Assert.That(stream.Chunks[0].GetProperty("id").GetString(), Is.EqualTo("anthropic-2"));
    }

    [Test]
    public async Task Google_usage_is_in_every_chunk()
    {
        _fake.OnChat().Reply(FakePortkeyReply.Stream("a", "b").WithUsage(4, 3));

        StreamReading stream = await _client.StreamAsync(provider: "google");

        Assert.That(stream.Usages, Has.Count.EqualTo(stream.Chunks.Count));
        Assert.That(stream.Usages[^1].GetProperty("total_tokens").GetInt32(), Is.EqualTo(7));
    }

    [Test]
    public async Task Vertex_speaks_the_dialect_of_the_model_it_serves()
    {
        _fake.OnChat().Reply(FakePortkeyReply.Text("a").WithUsage(9, 3, cachedTokens: 5));

        (_, JsonElement claude) = await _client.ChatAsync("claude-sonnet@1", provider: "vertex-ai");
        (_, JsonElement gemini) = await _client.ChatAsync("gemini-pro", provider: "vertex-ai");

        Assert.That(claude.GetProperty("usage").GetProperty("prompt_tokens").GetInt32(), Is.EqualTo(4));
        Assert.That(gemini.GetProperty("usage").GetProperty("prompt_tokens").GetInt32(), Is.EqualTo(9));
    }

    [Test]
    public async Task Reply_details_can_be_set()
    {
        _fake.OnChat("m").Reply(FakePortkeyReply.Text("x").WithModel("m-2026").WithFinishReason("length").WithoutUsage()
            .WithHeader("x-ratelimit-remaining-requests", "7").WithHeader("X-Portkey-Cache-Status", "HIT"));

        (HttpResponseMessage response, JsonElement json) = await _client.ChatAsync();
        StreamReading stream = await _client.StreamAsync(usage: true);

        Assert.That(json.GetProperty("model").GetString(), Is.EqualTo("m-2026"));
        Assert.That(json.GetProperty("choices")[0].GetProperty("finish_reason").GetString(), Is.EqualTo("length"));
        Assert.That(json.TryGetProperty("usage", out _), Is.False);
        Assert.That(Header(response, "x-ratelimit-remaining-requests"), Is.EqualTo("7"));
        Assert.That(Header(response, "x-portkey-cache-status"), Is.EqualTo("HIT"));
        Assert.That(stream.Usages, Is.Empty);
    }

    [Test]
    public async Task Guardrail_objection_is_a_success_with_status_246()
    {
        _fake.OnChat("m").Reply(FakePortkeyReply.Text("x").WithGuardrailObjection());

        (HttpResponseMessage response, JsonElement json) = await _client.ChatAsync();
        HttpRequestMessage loose = GatewayClient.Request(stream: true);
        loose.Headers.Add("x-portkey-strict-open-ai-compliance", "false");
        using HttpResponseMessage streamed = await _client.SendAsync(loose);
        StreamReading stream = await StreamReading.ReadAsync(streamed);

        Assert.That((int)response.StatusCode, Is.EqualTo(246));
        Assert.That(response.ReasonPhrase, Is.EqualTo("unknown"));
        Assert.That(json.GetProperty("hook_results").GetProperty("after_request_hooks").GetArrayLength(), Is.EqualTo(1));
        Assert.That((int)streamed.StatusCode, Is.EqualTo(246));
        Assert.That(stream.Chunks[0].TryGetProperty("hook_results", out _));
        Assert.That(stream.Text, Is.EqualTo("x"));
    }

    [Test]
    public async Task Computed_reply_sees_the_request()
    {
        _fake.OnChat("echo").Reply(request => $"{request.Prompt}|{request.ApiKey}");
        _fake.OnChat("judge").Reply(request => request.Prompt.Length > 3 ? FakePortkeyError.ContextLengthExceeded() : FakePortkeyReply.Text("ok"));

        Assert.That(await _client.TextAsync("echo", "mirror"), Is.EqualTo("mirror|sk-test"));
        Assert.That(await _client.TextAsync("judge", "long prompt"), Is.EqualTo("400"));
        Assert.That(await _client.TextAsync("judge", "ab"), Is.EqualTo("ok"));
    }

    [Test]
    public void Half_a_character_in_a_chunk_is_refused()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => FakePortkeyReply.Stream("a", "x\ud83d"))!;

        Assert.That(exception.Message, Does.StartWith("Chunk 1 holds half of a surrogate pair at position 1."));
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).SingleOrDefault();
}
