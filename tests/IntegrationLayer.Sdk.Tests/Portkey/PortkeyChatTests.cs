using System.Text.Json;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Portkey;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Portkey;

[TestFixture]
internal sealed class PortkeyChatTests
{
    [Test]
    public async Task Answer_of_openai_is_read()
    {
        ScriptedHandler handler = ScriptedHandler.Json(Call.Answer, 200, ("x-portkey-provider", "openai"), ("x-portkey-trace-id", ""));

        GatewayResponse response = await Call.Gateway(handler).SendAsync(Call.Chat(), default);

        Assert.Multiple(() =>
        {
            Assert.That(response.Content.Text, Is.EqualTo("Hello"));
            Assert.That(response.Content.ResponseId, Is.EqualTo("chatcmpl-1"));
            Assert.That(response.Content.ModelId, Is.EqualTo("gpt-4o-mini"));
            Assert.That(response.Content.CreatedAt, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000)));
            Assert.That(response.Content.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
            Assert.That(response.Content.Usage!.InputTokenCount, Is.EqualTo(11));
            Assert.That(response.Content.Usage.OutputTokenCount, Is.EqualTo(9));
            Assert.That(response.Content.Usage.CachedInputTokenCount, Is.EqualTo(3));
            Assert.That(response.Content.Usage.ReasoningTokenCount, Is.EqualTo(2));
            Assert.That(response.Content.Usage.AdditionalCounts, Is.Null);
            Assert.That(response.Content.AdditionalProperties, Is.Null);
            Assert.That(response.Content.Messages[0].AdditionalProperties, Is.Null);
            Assert.That(response.Info, Is.EqualTo(new GatewayInfo(200, "openai")));
            Assert.That(handler.Address, Is.EqualTo(new Uri("https://api.portkey.ai/v1/chat/completions")));
            Assert.That(handler.ContentLength, Is.EqualTo(handler.Body!.Length));
            Assert.That(handler.ContentType, Is.EqualTo("application/json"));
        });
    }

    [Test]
    public async Task Byte_order_mark_before_an_answer_is_passed_over()
    {
        GatewayResponse response = await Call.Gateway(ScriptedHandler.Json("\uFEFF" + Call.Answer)).SendAsync(Call.Chat(), default);

        Assert.That(response.Content.Text, Is.EqualTo("Hello"));
    }

    [Test]
    public async Task Address_without_a_slash_at_its_end_is_kept_whole()
    {
        ScriptedHandler handler = ScriptedHandler.Json(Call.Answer);

        await Call.Gateway(handler, new PortkeyOptions { Endpoint = new Uri("http://localhost:8787/v1") }).SendAsync(Call.Chat(), default);

        Assert.That(handler.Address, Is.EqualTo(new Uri("http://localhost:8787/v1/chat/completions")));
    }

    [Test]
    public async Task Tool_calls_are_read_with_their_arguments()
    {
        GatewayResponse response = await Send("""{"choices":[{"message":{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Paris\",\"days\":2,\"none\":null}"}},{"id":"c2","type":"function","function":{"name":"now","arguments":""}}]},"finish_reason":"tool_calls"}]}""");

        List<FunctionCallContent> calls = [.. response.Content.Messages[0].Contents.OfType<FunctionCallContent>()];
        Assert.Multiple(() =>
        {
            Assert.That(response.Content.FinishReason, Is.EqualTo(ChatFinishReason.ToolCalls));
            Assert.That(calls.Select(call => (call.CallId, call.Name)), Is.EqualTo(new[] { ("c1", "weather"), ("c2", "now") }));
            Assert.That(((JsonElement)calls[0].Arguments!["city"]!).GetString(), Is.EqualTo("Paris"));
            Assert.That(((JsonElement)calls[0].Arguments!["days"]!).GetInt32(), Is.EqualTo(2));
            Assert.That(calls[0].Arguments!["none"], Is.Null);
            Assert.That(calls[0].Exception, Is.Null);
            Assert.That(calls[1].Arguments, Is.Empty);
        });
    }

    [TestCase("""{\"a\":""")]
    [TestCase("[1]")]
    [TestCase("""{} {}""")]
    public async Task Broken_arguments_are_told_by_the_call(string arguments)
    {
        GatewayResponse response = await Send($$$"""{"choices":[{"message":{"tool_calls":[{"id":"c1","function":{"name":"f","arguments":"{{{arguments}}}"}}]},"finish_reason":"tool_calls"}]}""");

        FunctionCallContent call = response.Content.Messages[0].Contents.OfType<FunctionCallContent>().Single();
        Assert.Multiple(() =>
        {
            Assert.That(call.Exception, Is.InstanceOf<InvalidOperationException>());
            Assert.That(call.Arguments, Is.Null);
        });
    }

    [Test]
    public async Task Legacy_function_call_is_read()
    {
        GatewayResponse response = await Send("""{"choices":[{"message":{"content":null,"function_call":{"name":"f","arguments":"{\"a\":1}"}},"finish_reason":"function_call"}]}""");

        FunctionCallContent call = response.Content.Messages[0].Contents.OfType<FunctionCallContent>().Single();
        Assert.That((call.Name, call.CallId.StartsWith("call_", StringComparison.Ordinal), response.Content.FinishReason), Is.EqualTo(("f", true, ChatFinishReason.ToolCalls)));
    }

    [Test]
    public async Task Tool_call_without_a_name_is_bad_output()
    {
        LlmException exception = await Call.Failure(() => Send("""{"choices":[{"message":{"tool_calls":[{"id":"c1","function":{"arguments":"{}"}}]},"finish_reason":"tool_calls"}]}"""));

        Assert.That((exception.ErrorClass, exception.MayBeBilled), Is.EqualTo((LlmErrorClass.BadOutput, true)));
    }

    [TestCase("reasoning_content")]
    [TestCase("reasoning")]
    public async Task Reasoning_is_read_apart_from_the_text(string field)
    {
        GatewayResponse response = await Send($$$"""{"choices":[{"message":{"content":"4","{{{field}}}":"2+2"},"finish_reason":"stop"}]}""");

        Assert.Multiple(() =>
        {
            Assert.That(response.Content.Text, Is.EqualTo("4"));
            Assert.That(response.Content.Messages[0].Contents.OfType<TextReasoningContent>().Single().Text, Is.EqualTo("2+2"));
        });
    }

    [Test]
    public async Task Thinking_blocks_keep_their_signature()
    {
        GatewayResponse response = await Send(
            """{"provider":"anthropic","choices":[{"message":{"content":"4","content_blocks":[{"type":"thinking","thinking":"2+2","signature":"SIG"},{"type":"redacted_thinking","data":"XX"},{"type":"text","text":"4"}]},"finish_reason":"end_turn"}]}""",
            Call.Chat(deployment: Call.Deployment("anthropic", "claude-x")));

        IList<AIContent> contents = response.Content.Messages[0].Contents;
        TextReasoningContent thinking = (TextReasoningContent)contents[0];
        TextReasoningContent redacted = (TextReasoningContent)contents[1];
        Assert.Multiple(() =>
        {
            Assert.That(contents, Has.Count.EqualTo(3));
            Assert.That((thinking.Text, thinking.ProtectedData), Is.EqualTo(("2+2", "SIG")));
            Assert.That(thinking.AdditionalProperties!["signed_by"], Is.EqualTo("anthropic"));
            Assert.That((redacted.Text, redacted.ProtectedData), Is.EqualTo(("", "XX")));
            Assert.That(response.Content.Text, Is.EqualTo("4"));
            Assert.That(response.Content.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
        });
    }

    [Test]
    public async Task Reasoning_that_is_not_wanted_is_left_out()
    {
        GatewayResponse response = await Send(
            """{"choices":[{"message":{"content":"4","reasoning_content":"2+2"},"finish_reason":"stop"}]}""",
            Call.Chat(new ChatOptions { Reasoning = new ReasoningOptions { Output = ReasoningOutput.None } }));

        Assert.That(response.Content.Messages[0].Contents, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Text_in_parts_and_images_are_read()
    {
        GatewayResponse response = await Send("""{"choices":[{"message":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"a"},{"type":"text","text":"b"}],"images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},{"type":"image_url","image_url":{"url":"https://e.com/x.png"}},{"type":"image_url","image_url":{"url":"data:broken"}}]},"finish_reason":"stop"}]}""");

        IList<AIContent> contents = response.Content.Messages[0].Contents;
        Assert.Multiple(() =>
        {
            Assert.That(response.Content.Text, Is.EqualTo("ab"));
            Assert.That(((TextReasoningContent)contents[0]).Text, Is.EqualTo("hm"));
            Assert.That(contents.OfType<DataContent>().Single().MediaType, Is.EqualTo("image/png"));
            Assert.That(contents.OfType<UriContent>().Single().Uri.Host, Is.EqualTo("e.com"));
        });
    }

    [Test]
    public async Task Refusal_is_an_error_content()
    {
        GatewayResponse response = await Send("""{"choices":[{"message":{"content":null,"refusal":"No."},"finish_reason":"stop"}]}""");

        ErrorContent refusal = (ErrorContent)response.Content.Messages[0].Contents.Single();
        Assert.That((refusal.Message, refusal.ErrorCode), Is.EqualTo(("No.", "Refusal")));
    }

    [Test]
    public async Task Unknown_fields_are_kept_unless_they_say_nothing()
    {
        GatewayResponse response = await Send("""{"service_tier":"flex","x":{"a":[1]},"y":null,"z":"","e":{},"n":7,"f":1.5,"t":true,"choices":[{"message":{"content":"a","citations":["u"],"other":[]},"finish_reason":"stop","logprobs":{"content":[]},"native_finish_reason":"STOP"}]}""");

        AdditionalPropertiesDictionary top = response.Content.AdditionalProperties!;
        AdditionalPropertiesDictionary inner = response.Content.Messages[0].AdditionalProperties!;
        Assert.Multiple(() =>
        {
            Assert.That(top.Keys, Is.EquivalentTo(new[] { "service_tier", "x", "n", "f", "t" }));
            Assert.That(top["service_tier"], Is.EqualTo("flex"));
            Assert.That(((JsonElement)top["x"]!).GetRawText(), Is.EqualTo("""{"a":[1]}"""));
            Assert.That(top["n"], Is.EqualTo(7L));
            Assert.That(((JsonElement)top["f"]!).GetDouble(), Is.EqualTo(1.5));
            Assert.That(inner.Keys, Is.EquivalentTo(new[] { "citations", "logprobs", "native_finish_reason" }));
        });
    }

    [TestCase("stop", "stop")]
    [TestCase("end_turn", "stop")]
    [TestCase("stop_sequence", "stop")]
    [TestCase("length", "length")]
    [TestCase("max_tokens", "length")]
    [TestCase("MAX_TOKENS", "length")]
    [TestCase("tool_use", "tool_calls")]
    [TestCase("function_call", "tool_calls")]
    [TestCase("content_filter", "content_filter")]
    [TestCase("SAFETY", "content_filter")]
    [TestCase("pause_turn", "pause_turn")]
    public async Task Finish_reason_is_mapped(string name, string expected)
    {
        GatewayResponse response = await Send($$$"""{"choices":[{"message":{"content":"a"},"finish_reason":"{{{name}}}"}]}""");

        Assert.That(response.Content.FinishReason!.Value.Value, Is.EqualTo(expected));
    }

    [Test]
    public async Task Answer_flagged_by_a_guardrail_is_marked()
    {
        ScriptedHandler handler = ScriptedHandler.Json(Call.Answer, 246);

        GatewayResponse response = await Call.Gateway(handler).SendAsync(Call.Chat(), default);

        Assert.That((response.Info.IsGuardrailFlagged, response.Info.StatusCode), Is.EqualTo((true, 246)));
    }

    [Test]
    public async Task Emoji_cut_in_two_is_whole_when_joined()
    {
        GatewayResponse response = await Send("""{"choices":[{"message":{"content":"\ud83d"},"finish_reason":"stop"}]}""");

        Assert.That(response.Content.Text + "\ude00", Is.EqualTo("😀"));
    }

    [TestCase("")]
    [TestCase("   ")]
    [TestCase("{")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"choices":[]}""")]
    [TestCase("""{"choices":null}""")]
    [TestCase("""{"choices":[{"message":{"content":"a"}}]} x""")]
    public async Task Answer_that_is_none_is_bad_output(string body)
    {
        LlmException exception = await Call.Failure(() => Send(body));

        Assert.That((exception.ErrorClass, exception.ErrorSource, exception.MayBeBilled, exception.StatusCode),
            Is.EqualTo((LlmErrorClass.BadOutput, LlmErrorSource.Provider, true, (int?)200)));
    }

    [Test]
    public async Task Page_instead_of_an_answer_is_a_fault_of_the_gateway()
    {
        ScriptedHandler handler = new(_ => ScriptedHandler.Answer(200, "<html><body>Log in with hi</body></html>"u8.ToArray(), "text/html"));

        LlmException exception = await Call.Failure(() => Call.Gateway(handler).SendAsync(Call.Chat(), default).AsTask());

        Assert.That((exception.ErrorClass, exception.Message.Contains("Log in", StringComparison.Ordinal)), Is.EqualTo((LlmErrorClass.GatewayFault, false)));
    }

    [Test]
    public async Task Answer_nested_deeper_than_64_is_bad_output()
    {
        string deep = $$$"""{"choices":[],"x":{{{new string('[', 80)}}}{{{new string(']', 80)}}}}""";

        LlmException exception = await Call.Failure(() => Send(deep));

        Assert.That(exception.ErrorClass, Is.EqualTo(LlmErrorClass.BadOutput));
    }

    [Test]
    public async Task Answer_larger_than_allowed_is_too_large()
    {
        string body = Call.Answer.Replace("Hello", new string('a', 5000), StringComparison.Ordinal);
        PortkeyOptions options = new() { MaxResponseBytes = 4096 };

        LlmException known = await Call.Failure(() => Call.Gateway(ScriptedHandler.Json(body), options).SendAsync(Call.Chat(), default).AsTask());
        LlmException unknown = await Call.Failure(() => Call.Gateway(Unannounced(body), options).SendAsync(Call.Chat(), default).AsTask());

        Assert.That((known.ErrorClass, unknown.ErrorClass, known.ErrorSource), Is.EqualTo((LlmErrorClass.TooLarge, LlmErrorClass.TooLarge, LlmErrorSource.Sdk)));
    }

    private static ScriptedHandler Unannounced(string body) => new(_ =>
    {
        HttpResponseMessage response = ScriptedHandler.Answer(200, System.Text.Encoding.UTF8.GetBytes(body), "application/json");
        response.Content.Headers.ContentLength = null;
        response.Content = new StreamContent(new ChunkedStream(System.Text.Encoding.UTF8.GetBytes(body), 700));
        response.Content.Headers.Add("Content-Type", "application/json");
        return response;
    });

    private static Task<GatewayResponse> Send(string body, GatewayCall? call = null) =>
        Call.Gateway(ScriptedHandler.Json(body)).SendAsync(call ?? Call.Chat(), default).AsTask();
}
