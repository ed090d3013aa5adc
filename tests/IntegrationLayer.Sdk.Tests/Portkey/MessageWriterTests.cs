using System.Text.Json;
using System.Text.Json.Nodes;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Portkey;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Portkey;

[TestFixture]
internal sealed class MessageWriterTests
{
    private static readonly Deployment Claude = Call.Deployment("anthropic", "claude-x");
    private static readonly Deployment Gemini = Call.Deployment("google", "gemini-x");

    [Test]
    public async Task Roles_names_and_instructions_are_sent()
    {
        string messages = await Messages(
            [
                new(ChatRole.System, "s"), new(new ChatRole("developer"), "d"), new(ChatRole.User, "u") { AuthorName = "Ann O'Hara" },
                new(ChatRole.Assistant, "a") { AuthorName = "b" },
            ],
            options: new ChatOptions { Instructions = "i" });

        Assert.That(messages, Is.EqualTo(
            """[{"role":"system","content":"i"},{"role":"system","content":"s"},{"role":"developer","content":"d"},{"role":"user","name":"AnnOHara","content":"u"},{"role":"assistant","name":"b","content":"a"}]"""));
    }

    [Test]
    public async Task Parts_are_sent()
    {
        string messages = await Messages(
        [
            new(ChatRole.User,
            [
                new TextContent("t") { AdditionalProperties = new() { ["cache_control"] = true } },
                new DataContent(new byte[] { 1, 2, 3 }, "image/png") { AdditionalProperties = new() { ["detail"] = "low" } },
                new UriContent("https://e.com/a.png", "image/png"),
                new DataContent(new byte[] { 255, 254, 253 }, "audio/mpeg"),
                new DataContent(new byte[] { 1 }, "audio/x-wav"),
                new DataContent("hé"u8.ToArray(), "text/plain"),
                new DataContent(new byte[] { 9 }, "application/pdf") { Name = "b.pdf" },
                new HostedFileContent("file-1"),
                new UsageContent(new UsageDetails()),
            ]),
        ]);

        Assert.That(messages, Is.EqualTo(
            """[{"role":"user","content":[{"type":"text","text":"t","cache_control":{"type":"ephemeral"}},{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID","detail":"low"}},{"type":"image_url","image_url":{"url":"https://e.com/a.png"}},{"type":"input_audio","input_audio":{"data":"//79","format":"mp3"}},{"type":"input_audio","input_audio":{"data":"AQ==","format":"wav"}},{"type":"text","text":"hé"},{"type":"file","file":{"file_data":"data:application/pdf;base64,CQ==","filename":"b.pdf"}},{"type":"file","file":{"file_id":"file-1"}}]}]"""));
    }

    [Test]
    public async Task Pdf_is_sent_as_the_gateway_translates_it()
    {
        ChatMessage message = new(ChatRole.User, [new DataContent(new byte[] { 9 }, "application/pdf")]);
        ChatMessage address = new(ChatRole.User, [new UriContent("https://e.com/a.pdf", "application/pdf")]);

        Assert.Multiple(async () =>
        {
            Assert.That(await Messages([message], Claude), Does.Contain("""{"type":"file","file":{"file_data":"CQ==","mime_type":"application/pdf"}}"""));
            Assert.That(await Messages([message], Gemini), Does.Contain("""{"type":"image_url","image_url":{"url":"data:application/pdf;base64,CQ=="}}"""));
            Assert.That(await Messages([message]), Does.Contain("\"filename\":\"document.pdf\""));
            Assert.That(await Messages([address], Claude), Does.Contain("""{"file_url":"https://e.com/a.pdf","mime_type":"application/pdf"}"""));
        });
    }

    [Test]
    public async Task Content_that_cannot_be_sent_is_refused()
    {
        AIContent[] all =
        [
            new DataContent(new byte[] { 1 }, "application/zip"), new UriContent("https://e.com/a.pdf", "application/pdf"), new UriContent("https://e.com/a.mp3", "audio/mpeg"),
            new FunctionCallContent("c", "f"),
        ];
        foreach (AIContent content in all)
        {
            LlmException exception = await Call.Failure(() => Messages([new(ChatRole.User, [content, new TextContent("x")])]));
            Assert.That(exception.ErrorClass, Is.EqualTo(LlmErrorClass.InvalidRequest));
        }

        LlmException result = await Call.Failure(() => Messages([new(ChatRole.Tool, [new TextContent(""), new FunctionResultContent("c1", typeof(string))])]));
        LlmException arguments = await Call.Failure(() => Messages([new(ChatRole.Assistant, [new FunctionCallContent("c1", "f", new Dictionary<string, object?> { ["a"] = typeof(string) })])]));
        Assert.That((result.Message.Contains("'c1'", StringComparison.Ordinal), arguments.Message.Contains("'c1'", StringComparison.Ordinal)), Is.EqualTo((true, true)));
        LlmException wrongTool = await Call.Failure(() => Messages([new(ChatRole.Tool, [new TextContent("x")])]));
        Assert.That(wrongTool.Message, Does.Contain("TextContent"));
    }

    [Test]
    public async Task Tool_calls_and_their_results_are_sent()
    {
        string messages = await Messages(
        [
            new(ChatRole.Assistant,
            [
                new FunctionCallContent("c1", "f", new Dictionary<string, object?> { ["a"] = 1, ["b"] = JsonElement.Parse("\"x\""), ["n"] = null }),
                new FunctionCallContent("c2", "g"),
            ]),
            new(ChatRole.Tool,
            [
                new FunctionResultContent("c1", "text"), new FunctionResultContent("c2", JsonElement.Parse("""{"a":1}""")), new FunctionResultContent("c3", new JsonArray(1)),
                new FunctionResultContent("c4", 5), new FunctionResultContent("c5", null), new FunctionResultContent("c6", null) { Exception = new InvalidOperationException("secret") },
                new FunctionResultContent("c7", new TextContent("t")), new FunctionResultContent("c8", new AIContent[] { new TextContent("a"), new TextContent("b") }),
                new FunctionResultContent("c9", JsonElement.Parse("\"s\"")),
            ]),
        ]);

        Assert.That(messages, Is.EqualTo(
            """[{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1,\"b\":\"x\",\"n\":null}"}},{"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"text"},{"role":"tool","tool_call_id":"c2","content":"{\"a\":1}"},{"role":"tool","tool_call_id":"c3","content":"[1]"},{"role":"tool","tool_call_id":"c4","content":"5"},{"role":"tool","tool_call_id":"c5","content":""},{"role":"tool","tool_call_id":"c6","content":"Error: the function failed."},{"role":"tool","tool_call_id":"c7","content":"t"},{"role":"tool","tool_call_id":"c8","content":"ab"},{"role":"tool","tool_call_id":"c9","content":"s"}]"""));
    }

    [Test]
    public async Task Gemini_gets_tool_names_and_signatures_back()
    {
        ChatMessage call = new(ChatRole.Assistant, [new FunctionCallContent("c1", "f") { AdditionalProperties = new() { ["thought_signature"] = "SIG" } }]);
        ChatMessage result = new(ChatRole.Tool, [new FunctionResultContent("c1", "r"), new FunctionResultContent("unknown", "r")]);

        string gemini = await Messages([call, result], Gemini);
        string openai = await Messages([call, result]);

        Assert.Multiple(() =>
        {
            Assert.That(gemini, Does.Contain("\"thought_signature\":\"SIG\"").And.Contain("""{"role":"tool","tool_call_id":"c1","name":"f","content":"r"}""").And.Contain("""{"role":"tool","tool_call_id":"unknown","content":"r"}"""));
            Assert.That(openai, Does.Not.Contain("SIG").And.Contain("""{"role":"tool","tool_call_id":"c1","content":"r"}"""));
        });
    }

    [Test]
    public async Task Signed_reasoning_goes_back_to_its_signer_only()
    {
        TextReasoningContent signed = new("") { ProtectedData = "SIG", AdditionalProperties = new() { ["signed_by"] = "anthropic" } };
        TextReasoningContent redacted = new("") { ProtectedData = "XX", AdditionalProperties = new() { ["signed_by"] = "anthropic", ["redacted"] = true } };
        ChatMessage message = new(ChatRole.Assistant, [new TextReasoningContent("2+"), new TextReasoningContent("2"), signed, redacted, new TextContent("4")]);

        string claude = await Messages([message], Claude);
        string bedrock = await Messages([message], Call.Deployment("bedrock", "anthropic.claude-x"));

        Assert.Multiple(() =>
        {
            Assert.That(claude, Is.EqualTo(
                """[{"role":"assistant","content":"4","content_blocks":[{"type":"thinking","thinking":"2+2","signature":"SIG"},{"type":"redacted_thinking","data":"XX"},{"type":"text","text":"4"}]}]"""));
            Assert.That(bedrock, Is.EqualTo("""[{"role":"assistant","content":"4"}]"""));
        });
    }

    [Test]
    public async Task Refusal_and_empty_answers_are_sent()
    {
        string messages = await Messages(
        [
            new(ChatRole.Assistant, [new ErrorContent("No.") { ErrorCode = "Refusal" }]), new(ChatRole.Assistant, new List<AIContent>()), new(ChatRole.Assistant, [new ErrorContent("other")]),
        ]);

        Assert.That(messages, Is.EqualTo("""[{"role":"assistant","content":null,"refusal":"No."},{"role":"assistant","content":""},{"role":"assistant","content":""}]"""));
    }

    [FsCheck.NUnit.Property]
    public void Any_text_arrives_as_it_is(string? text)
    {
        using PooledBuffer body = ChatRequestWriter.Write(Call.Chat(messages: [new ChatMessage(ChatRole.User, text)]), isStream: false);

        JsonNode message = JsonNode.Parse(body.Span)!["messages"]![0]!;
        string sent = message["content"] is JsonArray parts ? string.Concat(parts.Select(part => part!["text"])) : message["content"]!.GetValue<string>();

        // Half a surrogate pair is no text; it becomes U+FFFD.
        Assert.That(sent, Is.EqualTo(System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text ?? ""))));
    }

    private static async Task<string> Messages(IReadOnlyList<ChatMessage> messages, Deployment? deployment = null, ChatOptions? options = null)
    {
        string body = await Call.BodyOf(Call.Chat(options, deployment, messages));
        using JsonDocument document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("messages").GetRawText();
    }
}
