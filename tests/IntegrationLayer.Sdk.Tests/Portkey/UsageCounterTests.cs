using System.Text;
using System.Text.Json;
using IntegrationLayer.Sdk.Portkey;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Portkey;

[TestFixture]
internal sealed class UsageCounterTests
{
    [TestCase("openai", """{"prompt_tokens":11,"completion_tokens":9,"total_tokens":20,"prompt_tokens_details":{"cached_tokens":3},"completion_tokens_details":{"reasoning_tokens":2}}""", 11, 3, 0, 9, 2, TestName = "OpenAI includes cached and reasoning tokens")]
    [TestCase("anthropic", """{"prompt_tokens":12,"completion_tokens":6,"total_tokens":27,"prompt_tokens_details":{"cached_tokens":5},"cache_read_input_tokens":5,"cache_creation_input_tokens":4}""", 21, 5, 4, 6, 0, TestName = "Anthropic excludes cached tokens")]
    [TestCase("anthropic", """{"prompt_tokens":12,"completion_tokens":6,"cache_read_input_tokens":5,"cache_creation_input_tokens":4}""", 21, 5, 4, 6, 0, TestName = "Anthropic excludes cached tokens without a total")]
    [TestCase("bedrock", """{"prompt_tokens":21,"completion_tokens":6,"total_tokens":27,"prompt_tokens_details":{"cached_tokens":5},"cache_read_input_tokens":5,"cache_creation_input_tokens":4}""", 21, 5, 4, 6, 0, TestName = "Bedrock includes cached tokens")]
    [TestCase("openrouter", """{"prompt_tokens":21,"completion_tokens":6,"cache_read_input_tokens":5}""", 21, 5, 0, 6, 0, TestName = "Others include cached tokens without a total")]
    [TestCase("x", """{"prompt_tokens":3,"completion_tokens":6,"prompt_tokens_details":{"cached_tokens":5}}""", 8, 5, 0, 6, 0, TestName = "More cached than prompt tokens can't be included")]
    [TestCase("deepseek", """{"prompt_tokens":30,"completion_tokens":6,"total_tokens":36,"prompt_cache_hit_tokens":20}""", 30, 20, 0, 6, 0, TestName = "DeepSeek's hits are cached tokens")]
    [TestCase("google", """{"prompt_tokens":4,"completion_tokens":3,"total_tokens":17,"completion_tokens_details":{"reasoning_tokens":10}}""", 4, 0, 0, 13, 10, TestName = "Gemini counts reasoning apart")]
    [TestCase("google", """{"prompt_tokens":4,"completion_tokens":13,"total_tokens":17,"completion_tokens_details":{"reasoning_tokens":10}}""", 4, 0, 0, 13, 10, TestName = "Gemini with reasoning included stays")]
    [TestCase("x", """{"prompt_tokens":4,"completion_tokens":3,"completion_tokens_details":{"reasoning_tokens":10}}""", 4, 0, 0, 13, 10, TestName = "More reasoning than completion can't be included")]
    [TestCase("x", """{"prompt_tokens":4,"total_tokens":10}""", 4, 0, 0, 6, 0, TestName = "Missing completion follows from the total")]
    [TestCase("x", """{"completion_tokens":4,"total_tokens":10}""", 6, 0, 0, 4, 0, TestName = "Missing prompt follows from the total")]
    [TestCase("x", """{"input_tokens":4.0,"output_tokens":1e1,"unknown":{"a":-1},"nothing":null}""", 4, 0, 0, 10, 0, TestName = "Other names and notations are read")]
    public void Counts_are_brought_to_one_meaning(string provider, string json, long input, long cached, long written, long output, long reasoning)
    {
        UsageDetails usage = Read(json).ToUsage(provider)!;

        Assert.That(
            (usage.InputTokenCount, usage.CachedInputTokenCount ?? 0, usage.AdditionalCounts?.GetValueOrDefault(UsageCounts.CacheWrite) ?? 0, usage.OutputTokenCount, usage.ReasoningTokenCount ?? 0, usage.TotalTokenCount),
            Is.EqualTo(((long?)input, cached, written, (long?)output, reasoning, (long?)(input + output))));
    }

    [TestCase("""{"prompt_tokens":-1,"completion_tokens":2}""")]
    [TestCase("""{"prompt_tokens":1e309,"completion_tokens":2}""")]
    [TestCase("""{"prompt_tokens":99999999999999999999,"completion_tokens":2}""")]
    [TestCase("""{"prompt_tokens":1000000000001,"completion_tokens":2}""")]
    [TestCase("""{"prompt_tokens":1.5,"completion_tokens":2}""")]
    [TestCase("""{"prompt_tokens":"11","completion_tokens":2}""")]
    [TestCase("""{"prompt_tokens":1,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":-3}}""")]
    [TestCase("""{"prompt_tokens":{},"completion_tokens":2}""")]
    [TestCase("""{"prompt_tokens":null,"completion_tokens":null,"total_tokens":5}""")]
    [TestCase("{}")]
    [TestCase("null")]
    [TestCase("[]")]
    public void Counts_that_cannot_be_true_are_as_missing(string json)
    {
        Assert.That(Read(json).ToUsage("openai"), Is.Null);
    }

    [Test]
    public void Counts_of_other_kinds_are_kept()
    {
        UsageDetails usage = Read("""{"prompt_tokens":50,"completion_tokens":20,"total_tokens":100,"prompt_tokens_details":{"audio_tokens":7,"image_tokens":8},"completion_tokens_details":{"audio_tokens":5,"image_tokens":6},"cache_creation_input_tokens":30,"cache_creation":{"ephemeral_5m_input_tokens":20,"ephemeral_1h_input_tokens":10},"server_tool_use":{"web_search_requests":2}}""")
            .ToUsage("anthropic")!;

        Assert.That(usage.AdditionalCounts, Is.EquivalentTo(new Dictionary<string, long>
        {
            [UsageCounts.CacheWrite] = 30, [UsageCounts.CacheWriteOneHour] = 10, [UsageCounts.AudioInput] = 7, [UsageCounts.AudioOutput] = 5,
            [UsageCounts.ImageInput] = 8, [UsageCounts.ImageOutput] = 6, [UsageCounts.WebSearches] = 2,
        }));
        Assert.That(usage.InputTokenCount, Is.EqualTo(80));
    }

    private static UsageCounter Read(string json)
    {
        Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(json));
        reader.Read();
        UsageCounter counter = default;
        counter.Read(ref reader);
        return counter;
    }
}
