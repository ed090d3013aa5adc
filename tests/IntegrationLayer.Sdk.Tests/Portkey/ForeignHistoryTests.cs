using System.Text.Json.Nodes;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Portkey;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Portkey;

/// <summary>Conversations that another provider has written a part of.</summary>
internal sealed class ForeignHistoryTests
{
    private const string FromGateway = "portkey-0f8fad5b-d9cb-469f-a165-70867728950e";

    [TestCase("mistral-ai", "call_abc", false)]
    [TestCase("mistral-ai", "D681PevKs", true)]
    [TestCase("anthropic", "call:1", false)]
    [TestCase("anthropic", "call_1", true)]
    [TestCase("bedrock", "a.b", false)]
    [TestCase("openai", FromGateway, false)]
    [TestCase("openai", "call:1", true)]
    [TestCase("google", FromGateway, true)]
    public async Task Identifier_of_a_tool_call_that_a_provider_refuses_is_replaced_in_call_and_result_alike(string provider, string id, bool isKept)
    {
        ChatMessage[] history =
        [
            new(ChatRole.User, "u"), new(ChatRole.Assistant, [new FunctionCallContent(id, "f", null)]), new(ChatRole.Tool, [new FunctionResultContent(id, "r")]),
        ];
        Deployment deployment = Call.Deployment(provider, "m");
        JsonNode messages = JsonNode.Parse(await Call.BodyOf(Call.Chat(deployment: deployment, messages: history)))!["messages"]!;
        string called = (string)messages[1]!["tool_calls"]![0]!["id"]!;

        Assert.Multiple(() =>
        {
            Assert.That((string)messages[2]!["tool_call_id"]!, Is.EqualTo(called));
            Assert.That(called, isKept ? Is.EqualTo(id) : Is.Not.EqualTo(id));
            Assert.That(ForeignHistory.IdFor(deployment, called), Is.EqualTo(called), "what is sent is what the provider takes");
            Assert.That(ForeignHistory.RepairsOf(history, deployment), Is.EqualTo(isKept ? LlmHistoryRepairs.None : LlmHistoryRepairs.ToolCallsRenamed));
        });
    }

    [Test]
    public void Different_identifiers_stay_different()
    {
        Deployment mistral = Call.Deployment("mistral-ai", "m");
        Assert.That(Enumerable.Range(0, 10_000).Select(i => ForeignHistory.IdFor(mistral, $"call_{i}")).Distinct().Count(), Is.EqualTo(10_000));
    }

    [TestCase("anthropic", LlmHistoryRepairs.None)]
    [TestCase("bedrock", LlmHistoryRepairs.ReasoningDropped)]
    [TestCase("openai", LlmHistoryRepairs.ReasoningDropped)]
    public async Task Receipt_says_that_reasoning_signed_by_another_provider_was_left_out(string provider, LlmHistoryRepairs expected)
    {
        var signed = new TextReasoningContent("hm") { ProtectedData = "signature", AdditionalProperties = new() { [MessageFields.SignedBy] = "anthropic" } };
        ChatMessage[] history = [new(ChatRole.User, "u"), new(ChatRole.Assistant, [signed, new TextContent("a")]), new(ChatRole.User, "v")];
        GatewayInfoOf sent = await SendAsync(Call.Deployment(provider, "claude"), history);

        Assert.That(sent.Repairs, Is.EqualTo(expected));
        Assert.That(sent.Body.Contains("signature", StringComparison.Ordinal), Is.EqualTo(expected is LlmHistoryRepairs.None));
    }

    [Test]
    public async Task Parts_that_cannot_be_said_again_are_left_out_and_told()
    {
        ChatMessage[] history =
        [
            new(ChatRole.User, "draw"),
            new(ChatRole.Assistant, [new TextContent("here"), new DataContent(new byte[] { 1 }, "image/png"), new FunctionCallContent("c", "f", null) { AdditionalProperties = new() { [MessageFields.ThoughtSignature] = "s" } }]),
            new(ChatRole.Tool, [new FunctionResultContent("c", "r")]),
        ];
        Assert.That((await SendAsync(Call.Deployment(), history)).Repairs, Is.EqualTo(LlmHistoryRepairs.PartsDropped | LlmHistoryRepairs.ReasoningDropped));
        Assert.That((await SendAsync(Call.Deployment("google", "gemini"), history)).Repairs, Is.EqualTo(LlmHistoryRepairs.PartsDropped), "its own signature goes back");
        Assert.That((await SendAsync(Call.Deployment(), [new(ChatRole.User, "draw"), new(ChatRole.Assistant, "no"), new(ChatRole.User, "why")])).Repairs, Is.EqualTo(LlmHistoryRepairs.None));
    }

    private static async Task<GatewayInfoOf> SendAsync(Deployment deployment, ChatMessage[] history)
    {
        ScriptedHandler handler = ScriptedHandler.Json(Call.Answer);
        LlmHistoryRepairs repairs = (await Call.Gateway(handler).SendAsync(Call.Chat(deployment: deployment, messages: history, cap: 100), default)).Info.Repairs;
        return new(repairs, handler.Body!);
    }

    private sealed record GatewayInfoOf(LlmHistoryRepairs Repairs, string Body);
}
