using System.Text.Json;
using IntegrationLayer.Sdk.Caching;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Caching;

internal sealed class CleanAnswerTests
{
    private static readonly LlmRequest Plain = new("hello");

    private static readonly LlmRequest WithTool = new("hello")
    {
        Options = new ChatOptions { Tools = [new HostedWebSearchTool(), AIFunctionFactory.Create((int a) => a, "f")] },
    };

    private static readonly LlmRequest WithSchema = new("hello")
    {
        Options = new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object","required":["a"]}""")) },
    };

    private static IEnumerable<TestCaseData> Cases()
    {
        yield return Case("text", Plain, Answer(new TextContent("hi")), true);
        yield return Case("guardrail", Plain, Answer(new TextContent("hi")), false, isFlagged: true);
        yield return Case("nothing", Plain, Answer(), false);
        yield return Case("empty text", Plain, Answer(new TextContent("")), false);
        yield return Case("cut", Plain, Answer(new TextContent("hi")).Ended(ChatFinishReason.Length), false);
        yield return Case("filtered", Plain, Answer(new TextContent("hi")).Ended(ChatFinishReason.ContentFilter), false);
        yield return Case("not ended", Plain, Answer(new TextContent("hi")).Ended(null), false);
        yield return Case("error", Plain, Answer(new TextContent("hi"), new ErrorContent("no")), false);
        yield return Case("call", WithTool, Answer(Call("f", ("a", 1))).Ended(ChatFinishReason.ToolCalls), true);
        yield return Case("call of an unknown tool", WithTool, Answer(Call("g", ("a", 1))).Ended(ChatFinishReason.ToolCalls), false);
        yield return Case("call without tools", Plain, Answer(Call("f", ("a", 1))).Ended(ChatFinishReason.ToolCalls), false);
        yield return Case("call with a wrong argument", WithTool, Answer(Call("f", ("a", "x"))).Ended(ChatFinishReason.ToolCalls), false);
        yield return Case("call without its argument", WithTool, Answer(Call("f")).Ended(ChatFinishReason.ToolCalls), false);
        yield return Case("broken call", WithTool, Answer(new FunctionCallContent("c", "f", new Dictionary<string, object?> { ["a"] = 1 }) { Exception = new FormatException() }), false);
        yield return Case("call that the provider carried out", WithTool, Answer(new TextContent("hi"), new WebSearchToolCallContent("w")), false);
        yield return Case("JSON", WithSchema, Answer(new TextContent("""{"a":1}""")), true);
        yield return Case("JSON of another form", WithSchema, Answer(new TextContent("""{"b":1}""")), false);
        yield return Case("no JSON", WithSchema, Answer(new TextContent("Sure!")), false);
        yield return Case("any JSON", Json(ChatResponseFormat.Json), Answer(new TextContent("[1]")), true);
        yield return Case("not even JSON", Json(ChatResponseFormat.Json), Answer(new TextContent("[1")), false);
        yield return Case("schema that is none", Json(ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"enum":5}"""))), Answer(new TextContent("[1]")), false);
    }

    [TestCaseSource(nameof(Cases))]
    public void Only_clean_answers_are_given_to_others(LlmRequest request, ChatResponse answer, bool isFlagged, bool isClean) =>
        Assert.That(CleanAnswer.Is(request, answer, isFlagged), Is.EqualTo(isClean));

    private static TestCaseData Case(string name, LlmRequest request, ChatResponse answer, bool isClean, bool isFlagged = false) =>
        new(request, answer, isFlagged, isClean) { TestName = $"Only_clean_answers_are_given_to_others({name})" };

    private static ChatResponse Answer(params AIContent[] contents) => new(new ChatMessage(ChatRole.Assistant, [.. contents])) { FinishReason = ChatFinishReason.Stop };

    private static FunctionCallContent Call(string name, params (string Name, object Value)[] arguments) => new("c", name, arguments.ToDictionary(a => a.Name, object? (a) => a.Value));

    private static LlmRequest Json(ChatResponseFormat format) => new("hello") { Options = new ChatOptions { ResponseFormat = format } };
}

file static class ChatResponses
{
    public static ChatResponse Ended(this ChatResponse response, ChatFinishReason? reason)
    {
        response.FinishReason = reason;
        return response;
    }
}
