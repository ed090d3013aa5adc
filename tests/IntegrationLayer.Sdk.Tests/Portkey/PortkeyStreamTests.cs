using System.Text;
using System.Text.Json;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Portkey;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Portkey;

[TestFixture]
internal sealed class PortkeyStreamTests
{
    private const string Start = """data: {"id":"c1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-4o-mini","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null}""" + "\n\n";
    private const string Finish = """data: {"id":"c1","model":"gpt-4o-mini","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}""" + "\n\n";
    private const string Usage = """data: {"id":"c1","model":"gpt-4o-mini","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":2,"total_tokens":13}}""" + "\n\n";
    private const string Done = "data: [DONE]\n\n";

    [Test]
    public async Task Stream_of_openai_is_read()
    {
        List<ChatResponseUpdate> updates = await Call.Stream(Start + Text("Hello") + Text(" there") + Finish + Usage + Done);

        Assert.Multiple(() =>
        {
            Assert.That(updates.Select(update => update.Text), Is.EqualTo(new[] { "Hello", " there", "", "" }));
            Assert.That(updates.Select(update => update.ResponseId), Is.All.EqualTo("c1"));
            Assert.That(updates.Select(update => update.ModelId), Is.All.EqualTo("gpt-4o-mini"));
            Assert.That(updates.Select(update => update.Role), Is.All.EqualTo(ChatRole.Assistant));
            Assert.That(ReferenceEquals(updates[0].ModelId, updates[1].ModelId), Is.True, "constant strings are shared");
            Assert.That(updates[2].FinishReason, Is.EqualTo(ChatFinishReason.Stop));
            Assert.That(updates[3].Contents.OfType<UsageContent>().Single().Details.InputTokenCount, Is.EqualTo(11));
            ChatResponse response = updates.ToChatResponse();
            Assert.That((response.Text, response.FinishReason, response.Usage!.OutputTokenCount), Is.EqualTo(("Hello there", ChatFinishReason.Stop, 2L)));
        });
    }

    [TestCase(Done)]
    [TestCase("data: [DONE]")]
    [TestCase("data:[DONE]\r\n\r\n")]
    [TestCase("")]
    public async Task Stream_is_complete_after_its_finish_reason(string end)
    {
        List<ChatResponseUpdate> updates = await Call.Stream(Text("a") + Finish + end);

        Assert.That(updates.ToChatResponse().Text, Is.EqualTo("a"));
    }

    [Test]
    public async Task Of_several_choices_only_the_first_is_heard()
    {
        static string Piece(int index, string text) => $$$"""data: {"id":"c1","model":"m","choices":[{"delta":{"content":"{{{text}}}"},"index":{{{index}}}}]}""" + "\n\n";
        List<ChatResponseUpdate> updates = await Call.Stream(
            Piece(0, "Hel") + Piece(1, "Bon") + Piece(0, "lo") + Piece(1, "jour")
            + """data: {"choices":[{"index":1,"delta":{},"finish_reason":"length"},{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n" + Done);

        ChatResponse response = updates.ToChatResponse();
        Assert.That((response.Text, response.FinishReason), Is.EqualTo(("Hello", ChatFinishReason.Stop)));
    }

    [Test]
    public async Task Request_that_cant_be_written_is_refused_and_costs_nothing([Values] bool isResult, [Values] bool isStream)
    {
        var circle = new Dictionary<string, object?>();
        circle["me"] = circle;
        GatewayCall call = Call.Chat(messages:
        [
            new(ChatRole.User, "x"),
            new(ChatRole.Assistant, [new FunctionCallContent("id", "f", isResult ? null : circle)]),
            new(ChatRole.Tool, [new FunctionResultContent("id", isResult ? circle : "fine")]),
        ]);
        ScriptedHandler handler = ScriptedHandler.Json(Call.Answer);

        LlmException failure = await Call.Failure(async () =>
        {
            if (isStream)
            {
                await Call.Gateway(handler).OpenStreamAsync(call, default);
            }
            else
            {
                await Call.Gateway(handler).SendAsync(call, default);
            }
        });

        Assert.That((failure.ErrorClass, failure.MayBeBilled, handler.Body), Is.EqualTo((LlmErrorClass.InvalidRequest, false, (string?)null)));
    }

    [Test]
    public async Task Stream_is_complete_after_done_alone()
    {
        List<ChatResponseUpdate> updates = await Call.Stream(Text("a") + Done + "data: not JSON\n\n");

        Assert.That(updates.ToChatResponse().Text, Is.EqualTo("a"));
    }

    [TestCase("")]
    [TestCase("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"b")]
    public async Task Stream_that_just_ends_is_truncated(string rest)
    {
        await using GatewayStream stream = await Call.Gateway(ScriptedHandler.Events(Text("a") + rest)).OpenStreamAsync(Call.Chat(), default);
        Assert.That(await stream.MoveNextAsync(), Is.True);

        LlmException exception = await Call.Failure(async () => await stream.MoveNextAsync());

        Assert.That((exception.ErrorClass, exception.MayBeBilled, exception.TraceId), Is.EqualTo((LlmErrorClass.StreamTruncated, true, "trace-1")));
        Assert.That(await stream.MoveNextAsync(), Is.False, "a stream that failed stays closed");
    }

    [Test]
    public async Task Half_an_event_after_the_finish_reason_is_no_failure()
    {
        List<ChatResponseUpdate> updates = await Call.Stream(Text("a") + Finish + "data: {\"choi");

        Assert.That(updates.ToChatResponse().Text, Is.EqualTo("a"));
    }

    [Test]
    public async Task Connection_that_breaks_is_a_failure_of_the_network()
    {
        LlmException exception = await Call.Failure(() => Broken(Text("a")));

        Assert.That((exception.ErrorClass, exception.MayBeBilled), Is.EqualTo((LlmErrorClass.Network, true)));
    }

    [Test]
    public async Task Connection_that_breaks_after_the_finish_reason_is_no_failure()
    {
        Assert.That((await Broken(Text("a") + Finish)).ToChatResponse().Text, Is.EqualTo("a"));
    }

    [Test]
    public async Task Error_event_of_openai_is_thrown()
    {
        LlmException exception = await Call.Failure(() =>
            Call.Stream(Text("a") + """data: {"error":{"message":"The server had an error","type":"server_error","param":null,"code":null}}""" + "\n\n"));

        Assert.That((exception.ErrorClass, exception.ErrorSource, exception.Code, exception.MayBeBilled),
            Is.EqualTo((LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider, "server_error", true)));
    }

    [Test]
    public async Task Error_by_the_type_of_the_event_is_thrown()
    {
        LlmException exception = await Call.Failure(() =>
            Call.Stream("""event: error""" + "\n" + """data: {"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}""" + "\n\n"));

        Assert.That((exception.ErrorClass, exception.Code), Is.EqualTo((LlmErrorClass.RateLimited, "rate_limit_error")));
    }

    [TestCase("overloaded_error", LlmErrorClass.ProviderUnavailable)]
    [TestCase("rate_limit_error", LlmErrorClass.RateLimited)]
    [TestCase("error", LlmErrorClass.ProviderUnavailable)]
    public async Task Finish_reason_that_is_an_error_is_thrown(string reason, LlmErrorClass expected)
    {
        LlmException exception = await Call.Failure(() =>
            Call.Stream(Text("a") + $$$"""data: {"model":"","choices":[{"finish_reason":"{{{reason}}}","delta":{"content":""}}]}""" + "\n\n" + Done));

        Assert.That((exception.ErrorClass, exception.Code, exception.MayBeBilled), Is.EqualTo((expected, reason, true)));
    }

    [TestCase("", false)]
    [TestCase("a", true)]
    public async Task Error_that_costs_nothing_by_itself_may_be_billed_after_content(string text, bool mayBeBilled)
    {
        LlmException exception = await Call.Failure(() => Call.Stream(Text(text) + """data: {"error":{"message":"x","type":"rate_limit_error"}}""" + "\n\n"));

        Assert.That((exception.ErrorClass, exception.MayBeBilled), Is.EqualTo((LlmErrorClass.RateLimited, mayBeBilled)));
    }

    [Test]
    public async Task Events_larger_than_the_first_buffer_are_read_whole()
    {
        string large = new('x', 100_000);

        List<ChatResponseUpdate> updates = await Call.Stream(Text("a") + Text(large) + Text("b") + Finish + Done);

        Assert.That(updates.ToChatResponse().Text, Is.EqualTo("a" + large + "b"));
    }

    [Test]
    public async Task Oddities_of_servers_do_no_harm()
    {
        List<ChatResponseUpdate> updates = await Call.Stream(
            "data: {\"choices\":null,\"id\":5,\"model\":{},\"created\":\"x\",\"usage\":[]}\n\n"
            + "data: {\"choices\":[5,{\"delta\":null,\"finish_reason\":\"\"}]}\n\n"
            + "data: {\"choices\":[{\"delta\":{\"content\":\"a\",\"content_blocks\":7}},{\"delta\":{\"content\":\"second choice\"}}]}\n\n"
            + "data: {\"choices\":[{\"delta\":{\"tool_calls\":{},\"function_call\":null,\"content_blocks\":[3]}}]}\n\n"
            + "data:\n\n" + Finish + Finish + Done);

        Assert.That((updates.ToChatResponse().Text, updates.Count), Is.EqualTo(("a", 2)));
    }

    [Test]
    public async Task Tool_calls_that_no_finish_reason_follows_are_given_at_the_end()
    {
        List<ChatResponseUpdate> updates = await Call.Stream(Tool("""{"id":"t","function":{"name":"f","arguments":"{}","thought_signature":"SIG","other":1}}""") + Done);
        LlmException nameless = await Call.Failure(() => Call.Stream(Tool("""{"id":"t","function":{"arguments":"{}"}}""") + Done));

        FunctionCallContent call = updates.Single().Contents.OfType<FunctionCallContent>().Single();
        Assert.That((call.Name, call.AdditionalProperties!["thought_signature"], nameless.ErrorClass), Is.EqualTo(("f", (object)"SIG", LlmErrorClass.BadOutput)));
    }

    [Test]
    public async Task Many_fields_around_the_choices_are_bounded()
    {
        string many = string.Concat(Enumerable.Range(0, 100).Select(index => $",\"x{index}\":{index}"));

        List<ChatResponseUpdate> updates = await Call.Stream(Text("a", many) + Text("b", ",\"x0\":1,\"e\":[]") + Finish + Done);

        Assert.That((updates[^1].AdditionalProperties!.Count, updates[^1].AdditionalProperties!["x0"]), Is.EqualTo((32, (object)1L)));
    }

    [Test]
    public async Task Hook_results_are_skipped()
    {
        List<ChatResponseUpdate> updates = await Call.Stream("""data: {"hook_results":{"before_request_hooks":[{"verdict":false}]}}""" + "\n\n" + Text("a") + Finish + Done);

        Assert.That(updates[0].Text, Is.EqualTo("a"));
    }

    [Test]
    public async Task Event_that_is_no_chunk_is_bad_output()
    {
        LlmException exception = await Call.Failure(() => Call.Stream(Text("a") + "data: {nope}\n\n" + Done));

        Assert.That(exception.ErrorClass, Is.EqualTo(LlmErrorClass.BadOutput));
    }

    [Test]
    public async Task Event_larger_than_allowed_is_too_large()
    {
        LlmException exception = await Call.Failure(() => Call.Stream(Text(new string('a', 5000)) + Done, options: new PortkeyOptions { MaxEventBytes = 2048 }));

        Assert.That((exception.ErrorClass, exception.Message.Contains("MaxEventBytes", StringComparison.Ordinal)), Is.EqualTo((LlmErrorClass.TooLarge, true)));
    }

    [Test]
    public async Task Event_of_many_lines_larger_than_allowed_is_too_large()
    {
        string lines = string.Concat(Enumerable.Repeat("data: aaaaaaaaaaaaaaaaaaaa\n", 500));

        LlmException exception = await Call.Failure(() => Call.Stream(lines, options: new PortkeyOptions { MaxEventBytes = 2048 }));

        Assert.That(exception.ErrorClass, Is.EqualTo(LlmErrorClass.TooLarge));
    }

    [Test]
    public async Task Stream_larger_than_allowed_is_too_large()
    {
        string comments = string.Concat(Enumerable.Repeat(": ping\n\n", 1000));

        LlmException exception = await Call.Failure(() => Call.Stream(comments, options: new PortkeyOptions { MaxStreamBytes = 4096 }));

        Assert.That((exception.ErrorClass, exception.Message.Contains("MaxStreamBytes", StringComparison.Ordinal)), Is.EqualTo((LlmErrorClass.TooLarge, true)));
    }

    [Test]
    public async Task Whole_answer_instead_of_a_stream_is_given_as_one()
    {
        List<ChatResponseUpdate> updates = await Call.ReadAll(await Call.Gateway(ScriptedHandler.Json(Call.Answer)).OpenStreamAsync(Call.Chat(), default));

        Assert.That((updates.ToChatResponse().Text, updates.ToChatResponse().Usage!.InputTokenCount), Is.EqualTo(("Hello", 11L)));
    }

    [Test]
    public async Task Error_instead_of_a_stream_is_thrown_when_opening()
    {
        ScriptedHandler handler = ScriptedHandler.Json("""{"error":{"message":"Invalid response received from google: {secret}","type":null},"provider":"google"}""");

        LlmException exception = await Call.Failure(() => Call.Gateway(handler).OpenStreamAsync(Call.Chat(), default).AsTask());

        Assert.That((exception.ErrorClass, exception.Message.Contains("secret", StringComparison.Ordinal), exception.MayBeBilled), Is.EqualTo((LlmErrorClass.ProviderUnavailable, false, true)));
    }

    [Test]
    public async Task Tool_calls_of_anthropic_are_put_together()
    {
        List<ChatResponseUpdate> updates = await Call.Stream(
            Tool("""{"index":0,"id":"toolu_1","type":"function","function":{"name":"get_weather","arguments":""}}""")
            + Tool("""{"index":0,"function":{"arguments":"{\"city\":"}}""")
            + Tool("""{"index":0,"function":{"arguments":"\"Paris\"}"}}""")
            + """data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":12,"cache_read_input_tokens":5,"cache_creation_input_tokens":4,"completion_tokens":6,"total_tokens":27,"prompt_tokens_details":{"cached_tokens":5}}}""" + "\n\n"
            + Done,
            Call.Chat(deployment: Call.Deployment("anthropic", "claude-x")));

        FunctionCallContent call = updates[0].Contents.OfType<FunctionCallContent>().Single();
        UsageDetails usage = updates[1].Contents.OfType<UsageContent>().Single().Details;
        Assert.Multiple(() =>
        {
            Assert.That((call.CallId, call.Name, ((JsonElement)call.Arguments!["city"]!).GetString()), Is.EqualTo(("toolu_1", "get_weather", "Paris")));
            Assert.That(updates[0].FinishReason, Is.EqualTo(ChatFinishReason.ToolCalls));
            Assert.That((usage.InputTokenCount, usage.CachedInputTokenCount, usage.OutputTokenCount, usage.TotalTokenCount), Is.EqualTo((21L, 5L, 6L, 27L)));
            Assert.That(usage.AdditionalCounts![UsageCounts.CacheWrite], Is.EqualTo(4));
        });
    }

    [Test]
    public async Task Usage_is_the_largest_seen_of_each_counter()
    {
        await using GatewayStream stream = await Call.Gateway(ScriptedHandler.Events(
            Text("a", ",\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":1,\"total_tokens\":5}")
            + Text("b", ",\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":9,\"total_tokens\":13}")
            + Text("c", ",\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":3}") + Finish + Done)).OpenStreamAsync(Call.Chat(), default);
        Assert.That(stream.Usage, Is.Null);
        while (await stream.MoveNextAsync())
        {
        }

        Assert.That((stream.Usage!.InputTokenCount, stream.Usage.OutputTokenCount), Is.EqualTo((4L, 9L)));
    }

    [Test]
    public async Task Thinking_of_anthropic_is_given_in_pieces_with_its_signature()
    {
        List<ChatResponseUpdate> updates = await Call.Stream(
            Delta("""{"content":"","content_blocks":[{"index":0,"delta":{"thinking":"2+"}}]}""")
            + Delta("""{"content":"","content_blocks":[{"index":0,"delta":{"thinking":"2"}}]}""")
            + Delta("""{"content":"","content_blocks":[{"index":0,"delta":{"signature":"SIG"}}]}""")
            + Delta("""{"content":"4","content_blocks":[{"index":1,"delta":{"text":"4"}}]}""") + Finish + Done,
            Call.Chat(deployment: Call.Deployment("anthropic", "claude-x")));

        ChatResponse response = updates.ToChatResponse();
        Assert.Multiple(() =>
        {
            Assert.That(response.Text, Is.EqualTo("4"));
            Assert.That(string.Concat(response.Messages[0].Contents.OfType<TextReasoningContent>().Select(part => part.Text)), Is.EqualTo("2+2"));
            Assert.That(response.Messages[0].Contents.OfType<TextReasoningContent>().Last().ProtectedData, Is.EqualTo("SIG"));
        });
    }

    [Test]
    public async Task Fields_around_the_choices_are_on_the_last_update()
    {
        string extra = ",\"citations\":[\"u\"],\"service_tier\":\"default\",\"system_fingerprint\":null";

        List<ChatResponseUpdate> updates = await Call.Stream(Text("a", extra) + Text("b", extra) + Finish + Done);

        Assert.Multiple(() =>
        {
            Assert.That(updates.Take(updates.Count - 1).Select(update => update.AdditionalProperties), Is.All.Null);
            Assert.That(updates[^1].AdditionalProperties!.Keys, Is.EquivalentTo(new[] { "citations", "service_tier" }));
            Assert.That(((JsonElement)updates[^1].AdditionalProperties!["citations"]!).GetRawText(), Is.EqualTo("[\"u\"]"));
        });
    }

    [Test]
    public async Task Caller_who_gives_up_gets_his_own_cancellation()
    {
        using CancellationTokenSource source = new();
        await using GatewayStream stream = await Call.Gateway(ScriptedHandler.Events(Text("a"))).OpenStreamAsync(Call.Chat(), source.Token);
        await stream.MoveNextAsync();
        await source.CancelAsync();

        await Assert.CatchAsync<OperationCanceledException>(async () => await stream.MoveNextAsync());
    }

    [Test]
    public async Task Disposing_closes_the_connection()
    {
        ChunkedStream body = new(Encoding.UTF8.GetBytes(Text("a")), 1000);
        ScriptedHandler handler = new(_ => Streaming(body));
        GatewayStream stream = await Call.Gateway(handler).OpenStreamAsync(Call.Chat(), default);
        await stream.MoveNextAsync();

        await stream.DisposeAsync();
        await stream.DisposeAsync();

        Assert.That(body.IsDisposed, Is.True);
        Assert.That(await stream.MoveNextAsync(), Is.False);
    }

    private static async Task<List<ChatResponseUpdate>> Broken(string events)
    {
        ScriptedHandler handler = new(_ => Streaming(new ChunkedStream(Encoding.UTF8.GetBytes(events), 1000, new HttpIOException(HttpRequestError.ResponseEnded))));
        return await Call.ReadAll(await Call.Gateway(handler).OpenStreamAsync(Call.Chat(), default));
    }

    private static HttpResponseMessage Streaming(Stream body)
    {
        HttpResponseMessage response = new() { Content = new StreamContent(body) };
        response.Content.Headers.Add("Content-Type", "text/event-stream");
        return response;
    }

    private static string Text(string text, string extra = "") => Delta($$"""{"content":"{{text}}"}""", extra);

    private static string Tool(string call) => Delta($$"""{"tool_calls":[{{call}}]}""");

    private static string Delta(string delta, string extra = "") =>
        $$"""data: {"id":"c1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-4o-mini","choices":[{"index":0,"delta":{{delta}},"logprobs":null,"finish_reason":null}]{{extra}}}""" + "\n\n";
}
