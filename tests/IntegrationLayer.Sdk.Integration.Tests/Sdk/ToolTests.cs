using System.Text.Json;
using IntegrationLayer.Sdk.TestSupport.Provider;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Integration.Tests.Sdk;

/// <summary>Tools called by Microsoft.Extensions.AI's own function invocation over the SDK's chat client.</summary>
public sealed class ToolTests : SdkTest
{
    [TestCase("openai", false)]
    [TestCase("openai", true)]
    [TestCase("anthropic", false)]
    [TestCase("anthropic", true)]
    public async Task Tool_loop_calls_the_function_and_sends_its_result_back(string provider, bool isStreamed)
    {
        Provider.Script(Main, ProviderBehavior.CallsTool("get_weather", """{"city":"Genève \"GE\""}"""), ProviderBehavior.Says("It is ", "sunny."));
        List<string> asked = [];
        ChatOptions options = new() { Tools = [Weather(asked)] };

        string text = await AskWithToolsAsync(Open(provider), options, isStreamed);
        RecordedRequest first = await SeenAsync();
        RecordedRequest second = await SeenAsync(which: 1);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(asked, Is.EqualTo(["Genève \"GE\""]));
            Assert.That(text, Is.EqualTo("It is sunny."));
            Assert.That(DeclaredTool(first, provider), Is.EqualTo("get_weather"));
            Assert.That(ToolResults(second, provider), Is.EqualTo([("call_1", "sunny in Genève \"GE\"")]));
        }
    }

    [TestCase("openai", false)]
    [TestCase("openai", true)]
    [TestCase("anthropic", false)]
    [TestCase("anthropic", true)]
    public async Task Parallel_tool_calls_are_kept_apart(string provider, bool isStreamed)
    {
        ProviderAnswer twoCalls = new()
        {
            Chunks = ["Let me look."],
            ToolCalls =
            [
                new ProviderToolCall("call_a", "get_weather", """{"city":"Oslo"}"""),
                new ProviderToolCall("call_b", "get_weather", """{"city":"Rome"}"""),
            ],
        };
        Provider.Script(Main, ProviderBehavior.Answers(twoCalls), ProviderBehavior.Says("Both sunny."));
        List<string> asked = [];

        await AskWithToolsAsync(Open(provider), new ChatOptions { Tools = [Weather(asked)] }, isStreamed);
        RecordedRequest second = await SeenAsync(which: 1);

        Assert.That(asked, Is.EqualTo(["Oslo", "Rome"]));
        Assert.That(ToolResults(second, provider), Is.EqualTo([("call_a", "sunny in Oslo"), ("call_b", "sunny in Rome")]));
    }

    [Test]
    public async Task Tool_of_no_arguments_is_called([Values] bool isStreamed)
    {
        Provider.Script(Main, ProviderBehavior.CallsTool("now", "{}"), ProviderBehavior.Says("Noon."));
        int calls = 0;
        AIFunction now = AIFunctionFactory.Create(() => { calls++; return "12:00"; }, "now");

        string text = await AskWithToolsAsync(Open(), new ChatOptions { Tools = [now] }, isStreamed);

        Assert.That((calls, text), Is.EqualTo((1, "Noon.")));
    }

    [Test]
    public async Task Receipt_of_a_call_travels_with_the_chat_response()
    {
        ChatResponse response = await Open().ChatClient.GetResponseAsync("hi");

        Assert.That(response.AdditionalProperties?[nameof(LlmReceipt)], Is.InstanceOf<LlmReceipt>());
    }

    private static AIFunction Weather(List<string> asked) => AIFunctionFactory.Create(
        (string city) =>
        {
            asked.Add(city);
            return $"sunny in {city}";
        },
        "get_weather",
        "Tells the weather of a city.");

    private static async Task<string> AskWithToolsAsync(SdkHost host, ChatOptions options, bool isStreamed)
    {
        using IChatClient client = new ChatClientBuilder(host.Client.AsChatClient()).UseFunctionInvocation().Build();
        if (!isStreamed)
        {
            return (await client.GetResponseAsync("What's the weather?", options)).Messages[^1].Text;
        }

        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("What's the weather?", options))
        {
            updates.Add(update);
        }

        return updates.ToChatResponse().Messages[^1].Text;
    }

    private static string? DeclaredTool(RecordedRequest request, string provider)
    {
        JsonElement tool = request.Property("tools")!.Value[0];
        return (provider == "anthropic" ? tool : tool.GetProperty("function")).GetProperty("name").GetString();
    }

    private static List<(string? Id, string? Result)> ToolResults(RecordedRequest request, string provider)
    {
        IEnumerable<JsonElement> messages = request.Property("messages")!.Value.EnumerateArray();
        return provider == "anthropic"
            ? [.. messages
                .Where(message => message.GetProperty("content").ValueKind == JsonValueKind.Array)
                .SelectMany(message => message.GetProperty("content").EnumerateArray())
                .Where(part => part.GetProperty("type").GetString() == "tool_result")
                .Select(part => (part.GetProperty("tool_use_id").GetString(), TextOf(part.GetProperty("content"))))]
            : [.. messages
                .Where(message => message.GetProperty("role").GetString() == "tool")
                .Select(message => (message.GetProperty("tool_call_id").GetString(), TextOf(message.GetProperty("content"))))];
    }

    private static string? TextOf(JsonElement content) =>
        content.ValueKind == JsonValueKind.Array ? content[0].GetProperty("text").GetString() : content.GetString();
}
