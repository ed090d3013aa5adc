using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Portkey;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Portkey;

[TestFixture]
internal sealed class ChatRequestWriterTests
{
    private const string Hi = """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]""";

    // Every member is decided on: sent as a field, used otherwise, or refused.
    private static readonly Dictionary<string, string> Decisions = new()
    {
        [nameof(ChatOptions.AdditionalProperties)] = "further fields",
        ["AllowBackgroundResponses"] = "ignored: it is a permission, and chat completions don't use it",
        [nameof(ChatOptions.AllowMultipleToolCalls)] = "parallel_tool_calls",
        ["ContinuationToken"] = "refused",
        [nameof(ChatOptions.ConversationId)] = "refused",
        [nameof(ChatOptions.FrequencyPenalty)] = "frequency_penalty",
        [nameof(ChatOptions.Instructions)] = "a first system message",
        [nameof(ChatOptions.MaxOutputTokens)] = "max_tokens or max_completion_tokens",
        [nameof(ChatOptions.ModelId)] = "not used: the deployment's is sent",
        [nameof(ChatOptions.PresencePenalty)] = "presence_penalty",
        [nameof(ChatOptions.RawRepresentationFactory)] = "refused",
        [nameof(ChatOptions.Reasoning)] = "reasoning_effort or thinking; Output None leaves reasoning out of the answer",
        [nameof(ChatOptions.ResponseFormat)] = "response_format",
        [nameof(ChatOptions.Seed)] = "seed",
        [nameof(ChatOptions.StopSequences)] = "stop",
        [nameof(ChatOptions.Temperature)] = "temperature",
        [nameof(ChatOptions.ToolMode)] = "tool_choice",
        [nameof(ChatOptions.Tools)] = "tools",
        [nameof(ChatOptions.TopK)] = "top_k",
        [nameof(ChatOptions.TopP)] = "top_p",
    };

    [Test]
    public void Every_member_of_the_options_is_decided_on()
    {
        IEnumerable<string> members = typeof(ChatOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name);

        Assert.That(members, Is.EquivalentTo(Decisions.Keys));
    }

    [Test]
    public async Task Request_without_options_is_model_and_messages()
    {
        Assert.That(await Call.BodyOf(Call.Chat()), Is.EqualTo(Hi + "}"));
    }

    [Test]
    public async Task Stream_asks_for_its_usage()
    {
        ScriptedHandler handler = ScriptedHandler.Events("data: [DONE]\n\n");
        await using GatewayStream stream = await Call.Gateway(handler).OpenStreamAsync(Call.Chat(), default);

        Assert.That(handler.Body, Is.EqualTo(Hi + ""","stream":true,"stream_options":{"include_usage":true}}"""));
    }

    [Test]
    public async Task Sampling_options_are_sent()
    {
        ChatOptions options = new()
        {
            Temperature = 0.7f, TopP = 0.9f, TopK = 40, Seed = 42, StopSequences = ["a", "b"], FrequencyPenalty = 0.1f, PresencePenalty = -0.5f, MaxOutputTokens = 100,
            ResponseFormat = ChatResponseFormat.Json, Reasoning = new ReasoningOptions { Effort = ReasoningEffort.ExtraHigh }, ModelId = "other",
        };

        Assert.That(await Call.BodyOf(Call.Chat(options)), Is.EqualTo(
            Hi + ""","max_completion_tokens":100,"temperature":0.7,"top_p":0.9,"frequency_penalty":0.1,"presence_penalty":-0.5,"top_k":40,"seed":42,"stop":["a","b"],"response_format":{"type":"json_object"},"reasoning_effort":"xhigh"}"""));
    }

    [TestCase("openai", "gpt-4o", false, ModelCapabilities.None, "max_completion_tokens")]
    [TestCase("openai", "llama", true, ModelCapabilities.None, "max_tokens")]
    [TestCase("openai", "o3-mini", true, ModelCapabilities.None, "max_completion_tokens")]
    [TestCase("azure-openai", "gpt-4o", false, ModelCapabilities.None, "max_tokens")]
    [TestCase("azure-openai", "gpt-5-mini", false, ModelCapabilities.None, "max_completion_tokens")]
    [TestCase("azure-openai", "mine", false, ModelCapabilities.Reasoning, "max_completion_tokens")]
    [TestCase("groq", "o", false, ModelCapabilities.Reasoning, "max_tokens")]
    [TestCase("anthropic", "claude-x", false, ModelCapabilities.None, "max_tokens")]
    public async Task Cap_is_named_as_the_provider_names_it(string provider, string model, bool hasHost, ModelCapabilities capabilities, string expected)
    {
        Deployment deployment = Call.Deployment(provider, model, Call.Account(provider, hasHost ? new Uri("http://localhost:1/v1") : null), capabilities);

        JsonNode body = JsonNode.Parse(await Call.BodyOf(Call.Chat(new ChatOptions { MaxOutputTokens = 7 }, deployment)))!;

        Assert.That(body[expected]!.GetValue<int>(), Is.EqualTo(7));
    }

    [TestCase("anthropic", "claude-x", null, null, null, 4096)]
    [TestCase("anthropic", "claude-x", null, null, 9000, 9000)]
    [TestCase("anthropic", "claude-x", null, 500, 9000, 500)]
    [TestCase("vertex-ai", "anthropic.claude-x", null, 500, null, 500)]
    [TestCase("bedrock", "eu.anthropic.claude-x", null, 500, null, 500)]
    [TestCase("openai", "gpt-4o", null, 500, null, null)]
    [TestCase("vertex-ai", "gemini", null, 500, null, null)]
    [TestCase("openai", "gpt-4o", 1000, 500, null, 500)]
    [TestCase("openai", "gpt-4o", 100, 500, null, 100)]
    public async Task Cap_is_sent_when_asked_for_or_needed(string provider, string model, int? asked, int? reckoned, int? known, int? expected)
    {
        GatewayCall call = Call.Chat(new ChatOptions { MaxOutputTokens = asked }, Call.Deployment(provider, model, maxOutput: known), cap: reckoned);

        JsonNode body = JsonNode.Parse(await Call.BodyOf(call))!;

        Assert.That((body["max_tokens"] ?? body["max_completion_tokens"])?.GetValue<int>(), Is.EqualTo(expected));
    }

    [TestCase(ReasoningEffort.Low, 8000, 2000)]
    [TestCase(ReasoningEffort.Medium, 8000, 4000)]
    [TestCase(ReasoningEffort.High, 8000, 6400)]
    [TestCase(ReasoningEffort.Low, 2000, 1024)]
    [TestCase(ReasoningEffort.Low, 1024, null)]
    [TestCase(ReasoningEffort.None, 8000, null)]
    public async Task Effort_is_a_budget_of_tokens_for_claude(ReasoningEffort effort, int cap, int? expected)
    {
        ChatOptions options = new() { Reasoning = new ReasoningOptions { Effort = effort }, MaxOutputTokens = cap };

        JsonNode body = JsonNode.Parse(await Call.BodyOf(Call.Chat(options, Call.Deployment("anthropic", "claude-x"))))!;

        Assert.That((body["thinking"]?["budget_tokens"]?.GetValue<int>(), body["reasoning_effort"]), Is.EqualTo((expected, (JsonNode?)null)));
    }

    [TestCase(ReasoningEffort.None, "none")]
    [TestCase(ReasoningEffort.Low, "low")]
    [TestCase(ReasoningEffort.Medium, "medium")]
    [TestCase(ReasoningEffort.High, "high")]
    public async Task Effort_is_named_for_the_others(ReasoningEffort effort, string expected)
    {
        string body = await Call.BodyOf(Call.Chat(new ChatOptions { Reasoning = new ReasoningOptions { Effort = effort } }));

        Assert.That(body, Does.EndWith($$""","reasoning_effort":"{{expected}}"}"""));
    }

    [Test]
    public async Task Schema_of_the_answer_is_sent()
    {
        JsonElement schema = JsonElement.Parse("""{"type":"object","properties":{"a":{"type":"integer","default":1}}}""");
        ChatOptions options = new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema, "my schema!", "d") };

        string loose = await Call.BodyOf(Call.Chat(options));
        options.AdditionalProperties = new() { ["strict"] = true };
        JsonNode strict = JsonNode.Parse(await Call.BodyOf(Call.Chat(options)))!["response_format"]!["json_schema"]!;

        Assert.Multiple(() =>
        {
            Assert.That(loose, Does.EndWith(""","response_format":{"type":"json_schema","json_schema":{"name":"myschema","description":"d","schema":{"type":"object","properties":{"a":{"type":"integer","default":1}}}}}}"""));
            Assert.That(strict["strict"]!.GetValue<bool>(), Is.True);
            Assert.That(strict["schema"]!["additionalProperties"]!.GetValue<bool>(), Is.False);
            Assert.That(strict["schema"]!["required"]!.ToJsonString(), Is.EqualTo("""["a"]"""));
        });
    }

    [Test]
    public async Task Text_format_is_sent()
    {
        Assert.That(await Call.BodyOf(Call.Chat(new ChatOptions { ResponseFormat = ChatResponseFormat.Text })), Does.EndWith(""","response_format":{"type":"text"}}"""));
    }

    [Test]
    public async Task Tools_are_sent()
    {
        AIFunctionDeclaration plain = AIFunctionFactory.CreateDeclaration("f", "does f", JsonElement.Parse("""{"type":"object","properties":{"a":{"type":"integer"}}}"""));
        ChatOptions options = new() { Tools = [plain, new StrictTool()], AllowMultipleToolCalls = false, ToolMode = ChatToolMode.Auto };

        Assert.That(await Call.BodyOf(Call.Chat(options)), Is.EqualTo(
            Hi + ""","tools":[{"type":"function","function":{"name":"f","description":"does f","parameters":{"type":"object","properties":{"a":{"type":"integer"}}}}},{"type":"function","function":{"name":"g","parameters":{"type":"object","properties":{"b":{"type":"string"}},"additionalProperties":false,"required":["b"]},"strict":true}}],"tool_choice":"auto","parallel_tool_calls":false}"""));
    }

    [Test]
    public async Task Tool_mode_is_sent_when_there_are_tools()
    {
        AITool tool = AIFunctionFactory.CreateDeclaration("f", null, JsonElement.Parse("""{"type":"object"}"""));
        string none = await Call.BodyOf(Call.Chat(new ChatOptions { Tools = [tool], ToolMode = ChatToolMode.None }));
        string any = await Call.BodyOf(Call.Chat(new ChatOptions { Tools = [tool], ToolMode = ChatToolMode.RequireAny }));
        string one = await Call.BodyOf(Call.Chat(new ChatOptions { Tools = [tool], ToolMode = ChatToolMode.RequireSpecific("f") }));
        string without = await Call.BodyOf(Call.Chat(new ChatOptions { ToolMode = ChatToolMode.RequireAny, AllowMultipleToolCalls = true }));

        Assert.Multiple(() =>
        {
            Assert.That(none, Does.EndWith(""","tool_choice":"none"}"""));
            Assert.That(any, Does.EndWith(""","tool_choice":"required"}"""));
            Assert.That(one, Does.EndWith(""","tool_choice":{"type":"function","function":{"name":"f"}}}"""));
            Assert.That(without, Is.EqualTo(Hi + "}"));
        });
    }

    [Test]
    public async Task Web_search_is_sent_where_it_is_known()
    {
        ChatOptions options = new() { Tools = [new HostedWebSearchTool()] };

        LlmException refused = await Call.Failure(() => Call.BodyOf(Call.Chat(options, Call.Deployment("groq"))));

        Assert.That(await Call.BodyOf(Call.Chat(options)), Is.EqualTo(Hi + ""","web_search_options":{}}"""));
        Assert.That((refused.ErrorClass, refused.ErrorSource, refused.MayBeBilled), Is.EqualTo((LlmErrorClass.InvalidRequest, LlmErrorSource.Sdk, false)));
    }

    [Test]
    public async Task Additional_properties_are_further_fields()
    {
        ChatOptions options = new()
        {
            AdditionalProperties = new()
            {
                ["user"] = "u", ["logprobs"] = true, ["top_logprobs"] = 2, ["l"] = 3L, ["d"] = 1.5, ["f"] = 0.5f, ["m"] = 2.25m, ["e"] = JsonElement.Parse("[1]"),
                ["j"] = new JsonObject { ["k"] = "v" }, ["n"] = null, ["strictJsonSchema"] = true,
            },
        };
        options.AdditionalProperties.Remove("n");
        options.AdditionalProperties["nothing"] = null;

        JsonNode body = JsonNode.Parse(await Call.BodyOf(Call.Chat(options)))!;

        Assert.That(body.ToJsonString(), Is.EqualTo(
            Hi + ""","user":"u","logprobs":true,"top_logprobs":2,"l":3,"d":1.5,"f":0.5,"m":2.25,"e":[1],"j":{"k":"v"},"nothing":null}"""));
    }

    [TestCase("model")]
    [TestCase("messages")]
    [TestCase("stream")]
    [TestCase("stream_options")]
    [TestCase("max_tokens")]
    [TestCase("max_completion_tokens")]
    [TestCase("n")]
    [TestCase("temperature")]
    [TestCase("top_p")]
    [TestCase("top_k")]
    [TestCase("seed")]
    [TestCase("stop")]
    [TestCase("frequency_penalty")]
    [TestCase("presence_penalty")]
    [TestCase("tools")]
    [TestCase("response_format")]
    [TestCase("thinking")]
    public async Task Additional_property_that_is_written_otherwise_is_refused(string name)
    {
        ChatOptions options = new()
        {
            Temperature = 1, TopP = 1, TopK = 1, Seed = 1, StopSequences = ["a"], FrequencyPenalty = 1, PresencePenalty = 1, ResponseFormat = ChatResponseFormat.Json,
            Tools = [AIFunctionFactory.CreateDeclaration("f", null, JsonElement.Parse("""{"type":"object"}"""))],
            Reasoning = new ReasoningOptions { Effort = ReasoningEffort.Low },
            AdditionalProperties = new() { [name] = "x" },
        };
        ScriptedHandler handler = ScriptedHandler.Json(Call.Answer);

        ArgumentException? exception = await Assert.ThrowsAsync<ArgumentException>(() => Call.Gateway(handler).SendAsync(Call.Chat(options), default).AsTask());

        Assert.That((exception!.Message.Contains($"\"{name}\"", StringComparison.Ordinal), handler.Count), Is.EqualTo((true, 0)));
    }

    [Test]
    public async Task Additional_property_of_another_type_is_refused()
    {
        ChatOptions options = new() { AdditionalProperties = new() { ["x"] = new Uri("http://e.com") } };
        ChatOptions nan = new() { AdditionalProperties = new() { ["y"] = double.NaN } };

        ArgumentException? exception = await Assert.ThrowsAsync<ArgumentException>(() => Call.BodyOf(Call.Chat(options)));
        ArgumentException? notFinite = await Assert.ThrowsAsync<ArgumentException>(() => Call.BodyOf(Call.Chat(nan)));

        Assert.That((exception!.Message.Contains("\"x\"", StringComparison.Ordinal), notFinite!.Message.Contains("\"y\"", StringComparison.Ordinal)), Is.EqualTo((true, true)));
    }

    [Test]
    public async Task What_chat_completions_cannot_do_is_refused()
    {
        ChatOptions[] all =
        [
            new() { ConversationId = "c" },
            new() { RawRepresentationFactory = _ => null },
            new() { Temperature = float.NaN },
#pragma warning disable MEAI001
            new() { ContinuationToken = ResponseContinuationToken.FromBytes(new byte[] { 1 }) },
#pragma warning restore MEAI001
            new() { Tools = [new HostedCodeInterpreterTool()] },
        ];
        foreach (ChatOptions options in all)
        {
            LlmException exception = await Call.Failure(() => Call.BodyOf(Call.Chat(options)));
            Assert.That((exception.ErrorClass, exception.ErrorSource), Is.EqualTo((LlmErrorClass.InvalidRequest, LlmErrorSource.Sdk)));
        }
    }

    private sealed class StrictTool : AIFunctionDeclaration
    {
        public override string Name => "g";

        public override JsonElement JsonSchema { get; } = JsonElement.Parse("""{"type":"object","properties":{"b":{"type":"string"}}}""");

        public override IReadOnlyDictionary<string, object?> AdditionalProperties { get; } = new Dictionary<string, object?> { ["strict"] = true };
    }
}
