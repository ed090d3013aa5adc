using System.Text;
using System.Text.Json;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Costing;

public sealed class TokenEstimatorTests
{
    private const string Sentence = "The quick brown fox jumps over the lazy dog.";

    private readonly TokenEstimator _estimator = new();

    [Test]
    public void Prompt_counts_its_text_four_for_the_message_and_three_for_the_answer() =>
        Assert.That(_estimator.Estimate(new LlmRequest(Sentence)), Is.EqualTo(new TokenEstimate { Text = 10 + 4 + 3 }));

    [Test]
    public void Every_kind_of_text_counts()
    {
        int alone = _estimator.CountText(Sentence);
        ChatMessage message = new(
            ChatRole.Assistant,
            [
                new TextContent(Sentence),
                new TextReasoningContent(Sentence),
                new ErrorContent(Sentence),
                new DataContent(Encoding.UTF8.GetBytes(Sentence), "text/plain"),
                new DataContent(Encoding.UTF8.GetBytes(Sentence), "application/ld+json"),
                new DataContent(Encoding.UTF8.GetBytes(Sentence), "image/svg+xml"),
                new UsageContent(new UsageDetails()),
            ])
        {
            AuthorName = Sentence,
        };
        LlmRequest request = new([message]) { Options = new ChatOptions { Instructions = Sentence } };

        Assert.That(_estimator.Estimate(request).Text, Is.EqualTo((8 * alone) + 4 + 4 + 3));
    }

    [Test]
    public void Tool_calls_and_results_count_their_names_and_values()
    {
        using JsonDocument json = JsonDocument.Parse("\"" + Sentence + "\"");
        int alone = _estimator.CountText(Sentence);
        int quoted = _estimator.CountText("\"" + Sentence + "\"");
        Dictionary<string, object?> arguments = new()
        {
            [Sentence] = Sentence,
            ["a"] = 5,
            ["b"] = null,
            ["c"] = json.RootElement,
            ["d"] = new object(),
        };
        LlmRequest request = new(
        [
            new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("id", "find", arguments), new FunctionCallContent("id", "find")]),
            new ChatMessage(ChatRole.Tool,
            [
                new FunctionResultContent("id", Sentence),
                new FunctionResultContent("id", new TextContent(Sentence)),
                new FunctionResultContent("id", new AIContent[] { new TextContent(Sentence), new TextContent(Sentence) }),
            ]),
        ]);

        int calls = (8 + 1) + (5 * 3) + alone + 4 + alone + 3 + 3 + quoted + 64 + (8 + 1);
        int results = (3 * 8) + (4 * alone);

        Assert.That(_estimator.Estimate(request).Text, Is.EqualTo(4 + calls + 4 + results + 3));
    }

    [Test]
    public void Tools_and_the_schema_of_the_answer_count_once_and_for_each_request()
    {
        AIFunction tool = AIFunctionFactory.Create((string city) => city, "get_weather", "Tells the weather of a city.");
        ChatOptions options = new()
        {
            Tools = [tool, new HostedWebSearchTool()],
            ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonSerializer.SerializeToElement(new { type = "object" }), "answer", "The answer."),
        };
        LlmRequest plain = new(Sentence);
        LlmRequest request = plain with { Options = options };

        TokenEstimate first = _estimator.Estimate(request);
        TokenEstimate second = _estimator.Estimate(request);

        int expected = 12 + _estimator.CountText("get_weather") + _estimator.CountText("Tells the weather of a city.") + _estimator.CountText(tool.JsonSchema.GetRawText())
            + 12 + _estimator.CountText("web_search")
            + 12 + _estimator.CountText("answer") + _estimator.CountText("The answer.") + _estimator.CountText("{\"type\":\"object\"}");
        Assert.That(first.Text - _estimator.Estimate(plain).Text, Is.EqualTo(expected));
        Assert.That(first.HasTools, Is.True);
        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void Images_audio_and_files_are_measured_apart()
    {
        LlmRequest request = new(
        [
            new ChatMessage(ChatRole.User,
            [
                new UriContent("https://example.com/a.png", "image/png"),
                new DataContent(new byte[40_000], "application/pdf"),
                new DataContent(new byte[8_000], "audio/mpeg"),
                new HostedFileContent("file-1"),
            ]),
        ]);

        Assert.That(_estimator.Estimate(request), Is.EqualTo(new TokenEstimate
        {
            Text = 7,
            Images = 1,
            ImageTiles = 4,
            ImagePatches = 1536,
            AudioSeconds = 3,
            Pages = 3 + 10,
        }));
    }

    [Test]
    public void Long_prompt_is_sampled_within_five_percent()
    {
        StringBuilder text = new();
        for (int i = 0; text.Length < 1_000_000; i++)
        {
            text.Append(i % 5 == 0 ? $"{{\"id\": {i}, \"tags\": [\"a{i % 7}\", \"b\"]}}\n" : $"Line {i}: the harbour master wrote {i * 31 % 997} words about the weather.\n");
        }

        int exact = new TokenCounter(TokenVocabulary.LoadO200k()).Count(text.ToString());

        Assert.That(_estimator.CountText(text.ToString()), Is.EqualTo(exact).Within(5).Percent);
    }

    [Test]
    public void Long_conversation_is_sampled_over_all_its_parts()
    {
        using JsonDocument json = JsonDocument.Parse("\"" + string.Concat(Enumerable.Repeat("数据迁移的时间会比计划的更长。", 1_000)) + "\"");
        List<ChatMessage> messages = [.. Enumerable.Range(0, 2_000).Select(i => new ChatMessage(ChatRole.User, $"Message {i}: {Sentence}"))];
        messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent("id", json.RootElement), new TextContent("")]));
        TokenCounter counter = new(TokenVocabulary.LoadO200k());
        int exact = messages.Sum(message => counter.Count(message.Text)) + counter.Count(json.RootElement.GetRawText());

        int estimate = _estimator.Estimate(new LlmRequest(messages)).Text - 3 - (4 * messages.Count) - 8;

        Assert.That(estimate, Is.EqualTo(exact).Within(15).Percent);
    }

    [Test]
    public void Estimating_a_usual_prompt_allocates_nothing()
    {
        LlmRequest request = new(string.Concat(Enumerable.Repeat(Sentence, 40)));
        _estimator.Estimate(request);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            _estimator.Estimate(request);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1_000));
    }

    [Test]
    public void Vocabulary_can_be_loaded_beforehand() => Assert.That(TokenEstimator.Load, Throws.Nothing);

    [Test]
    public void Scale_follows_the_model_s_name() =>
        Assert.That(
            _estimator.ScaleFor(new ModelInfo { Provider = "anthropic", Model = "claude-sonnet-4-5" }).TextPermille,
            Is.EqualTo(1350));
}
