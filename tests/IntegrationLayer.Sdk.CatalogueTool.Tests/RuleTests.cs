using System.Text.Json;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.CatalogueTool.Tests;

[TestFixture]
public sealed class RuleTests
{
    [TestCase("gpt-4o", ModelKind.Chat)]
    [TestCase("openai/text-embedding-3-small", ModelKind.Embedding)]
    [TestCase("@cf/baai/bge-m3", ModelKind.Embedding)]
    [TestCase("@cf/baai/bge-reranker-base", ModelKind.Rerank)]
    [TestCase("gpt-realtime-mini", ModelKind.Realtime)]
    [TestCase("meta-llama/llama-guard-4-12b", ModelKind.Moderation)]
    [TestCase("mistral-ocr-latest", ModelKind.Ocr)]
    [TestCase("whisper-1", ModelKind.Audio)]
    [TestCase("gemini-2.5-pro-tts", ModelKind.Audio)]
    [TestCase("sora-2", ModelKind.Video)]
    [TestCase("gemini-2.5-flash-image", ModelKind.Image)]
    [TestCase("gpt-image-1", ModelKind.Image)]
    public void Guess_tells_the_kind_from_the_name(string name, ModelKind expected)
    {
        Assert.That(KindRules.Guess(name), Is.EqualTo(expected));
    }

    [TestCase("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5-20250929")]
    [TestCase("anthropic/claude-3.5-sonnet", "claude-3-5-sonnet")]
    [TestCase("claude-opus-4-6@default", "claude-opus-4-6")]
    [TestCase("openai/gpt-4o:batch", "gpt-4o:batch")]
    [TestCase("Meta/Llama_3.1", "llama-3-1")]
    public void ModelKeys_bring_names_of_one_model_together(string name, string expected)
    {
        Assert.That(ModelKeys.Of(name), Is.EqualTo(expected));
    }

    [TestCase("openai", "gpt-4o", ModelCapabilities.Json | ModelCapabilities.JsonSchema | ModelCapabilities.Vision | ModelCapabilities.Pdf)]
    [TestCase("openai", "gpt-4o-2024-05-13", ModelCapabilities.Json | ModelCapabilities.Vision | ModelCapabilities.Pdf)]
    [TestCase("openai", "gpt-3.5-turbo", ModelCapabilities.Json)]
    [TestCase("openai", "gpt-4o-audio-preview", ModelCapabilities.Json | ModelCapabilities.JsonSchema | ModelCapabilities.AudioInput)]
    [TestCase("anthropic", "claude-sonnet-4-5", ModelCapabilities.Json | ModelCapabilities.JsonSchema | ModelCapabilities.Vision | ModelCapabilities.Pdf)]
    [TestCase("anthropic", "claude-3-haiku", ModelCapabilities.Vision | ModelCapabilities.Pdf)]
    [TestCase("anthropic", "claude-2", ModelCapabilities.None)]
    [TestCase("google", "gemini-2.5-pro", ModelCapabilities.Json | ModelCapabilities.JsonSchema | ModelCapabilities.Vision | ModelCapabilities.Pdf | ModelCapabilities.AudioInput | ModelCapabilities.VideoInput)]
    [TestCase("groq", "llama-3.3-70b-versatile", ModelCapabilities.Json)]
    [TestCase("groq", "openai/gpt-oss-20b", ModelCapabilities.Json | ModelCapabilities.JsonSchema)]
    [TestCase("x-ai", "grok-4", ModelCapabilities.Json | ModelCapabilities.JsonSchema)]
    [TestCase("x-ai", "other", ModelCapabilities.None)]
    [TestCase("deepseek", "deepseek-chat", ModelCapabilities.Json)]
    [TestCase("perplexity-ai", "sonar", ModelCapabilities.Json | ModelCapabilities.JsonSchema)]
    [TestCase("mistral-ai", "mistral-large-latest", ModelCapabilities.Json | ModelCapabilities.JsonSchema)]
    public void Capabilities_follow_the_vendors_documentation(string provider, string model, ModelCapabilities expected)
    {
        Assert.That(CapabilityRules.Of(provider, model), Is.EqualTo(expected));
    }

    [TestCase(ModelKind.Audio, "whisper-1", ModelModalities.Audio, ModelModalities.Text)]
    [TestCase(ModelKind.Audio, "gpt-4o-mini-tts", ModelModalities.Text, ModelModalities.Audio)]
    [TestCase(ModelKind.Ocr, "mistral-ocr-latest", ModelModalities.Image | ModelModalities.Pdf, ModelModalities.Text)]
    [TestCase(ModelKind.Realtime, "gpt-realtime", ModelModalities.Text | ModelModalities.Audio, ModelModalities.Text | ModelModalities.Audio)]
    [TestCase(ModelKind.Rerank, "rerank-2", ModelModalities.Text, ModelModalities.Score)]
    [TestCase(ModelKind.Image, "dall-e-3", ModelModalities.Text, ModelModalities.Image)]
    [TestCase(ModelKind.Video, "sora-2", ModelModalities.Text, ModelModalities.Video)]
    public void Modalities_follow_the_kind(ModelKind kind, string model, ModelModalities input, ModelModalities output)
    {
        Assert.That(ModalityRules.Input(kind, model, ModelCapabilities.None), Is.EqualTo(input));
        Assert.That(ModalityRules.Output(kind, model, ModelCapabilities.None), Is.EqualTo(output));
    }

    [TestCase("""{"equals":"a"}""", "A", true)]
    [TestCase("""{"equals":"a"}""", "ab", false)]
    [TestCase("""{"starts_with":"a"}""", "ab", true)]
    [TestCase("""{"ends_with":"b"}""", "ab", true)]
    [TestCase("""{"contains":"b"}""", "abc", true)]
    [TestCase("""{"and":[{"contains":"a"},{"contains":"b"}]}""", "ba", true)]
    [TestCase("""{"and":[{"contains":"a"},{"contains":"b"}]}""", "a", false)]
    [TestCase("""{"and":[]}""", "a", false)]
    [TestCase("""{"or":[{"equals":"a"},{"equals":"b"}]}""", "b", true)]
    [TestCase("""{"regex":"a"}""", "a", false)]
    [TestCase("{}", "", false)]
    public void MatchRule_covers_the_names_it_says(string rule, string name, bool expected)
    {
        using JsonDocument document = JsonDocument.Parse(rule);

        Assert.That(MatchRule.Read(document.RootElement).Matches(name), Is.EqualTo(expected));
    }
}
