using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Tests.Models;

/// <summary>Well-known list prices of the shipped catalogue, which a change of the converter or of its sources must not move unseen.</summary>
[TestFixture]
public sealed class ListPriceTests
{
    [TestCase("openai", "gpt-4o", "2.5", "10", "1.25")]
    [TestCase("openai", "gpt-4o-2024-05-13", "5", "15", null)]
    [TestCase("openai", "gpt-4o-mini", "0.15", "0.6", "0.075")]
    [TestCase("openai", "gpt-4.1", "2", "8", "0.5")]
    [TestCase("openai", "gpt-4.1-mini", "0.4", "1.6", "0.1")]
    [TestCase("openai", "gpt-4.1-nano", "0.1", "0.4", "0.025")]
    [TestCase("openai", "gpt-5", "1.25", "10", "0.125")]
    [TestCase("openai", "gpt-5-mini", "0.25", "2", "0.025")]
    [TestCase("openai", "gpt-5-nano", "0.05", "0.4", "0.005")]
    [TestCase("openai", "o1", "15", "60", "7.5")]
    [TestCase("openai", "o3", "2", "8", "0.5")]
    [TestCase("openai", "o3-mini", "1.1", "4.4", "0.55")]
    [TestCase("openai", "o4-mini", "1.1", "4.4", "0.275")]
    [TestCase("openai", "gpt-4-turbo", "10", "30", null)]
    [TestCase("openai", "gpt-4", "30", "60", null)]
    [TestCase("openai", "gpt-3.5-turbo", "0.5", "1.5", null)]
    [TestCase("openai", "text-embedding-3-small", "0.02", "0", null)]
    [TestCase("openai", "text-embedding-3-large", "0.13", "0", null)]
    [TestCase("azure-openai", "gpt-4o", "2.5", "10", "1.25")]
    [TestCase("anthropic", "claude-sonnet-4-5", "3", "15", "0.3")]
    [TestCase("anthropic", "claude-haiku-4-5", "1", "5", "0.1")]
    [TestCase("anthropic", "claude-opus-4-1", "15", "75", "1.5")]
    [TestCase("anthropic", "claude-opus-4-5", "5", "25", "0.5")]
    [TestCase("anthropic", "claude-3-haiku", "0.25", "1.25", "0.03")]
    [TestCase("anthropic", "claude-3-5-haiku-20241022", "0.8", "4", "0.08")]
    [TestCase("google", "gemini-2.5-pro", "1.25", "10", "0.125")]
    [TestCase("google", "gemini-2.5-flash", "0.3", "2.5", "0.03")]
    [TestCase("google", "gemini-2.5-flash-lite", "0.1", "0.4", "0.01")]
    [TestCase("google", "gemini-2.0-flash", "0.1", "0.4", "0.025")]
    [TestCase("vertex-ai", "gemini-2.5-flash", "0.3", "2.5", "0.03")]
    [TestCase("bedrock", "amazon.nova-micro-v1:0", "0.035", "0.14", "0.00875")]
    [TestCase("bedrock", "amazon.nova-lite-v1:0", "0.06", "0.24", "0.015")]
    [TestCase("bedrock", "amazon.nova-pro-v1:0", "0.8", "3.2", "0.2")]
    [TestCase("groq", "llama-3.3-70b-versatile", "0.59", "0.79", null)]
    [TestCase("groq", "llama-3.1-8b-instant", "0.05", "0.08", null)]
    [TestCase("x-ai", "grok-3", "3", "15", "0.75")]
    [TestCase("x-ai", "grok-3-mini", "0.3", "0.5", "0.075")]
    [TestCase("cohere", "command-r", "0.15", "0.6", null)]
    [TestCase("cohere", "command-a", "2.5", "10", null)]
    [TestCase("perplexity-ai", "sonar", "1", "1", null)]
    [TestCase("perplexity-ai", "sonar-pro", "3", "15", null)]
    [TestCase("voyage", "voyage-3-large", "0.18", "0", null)]
    [TestCase("z-ai", "glm-4.6", "0.6", "2.2", "0.11")]
    public void Embedded_has_the_list_price(string provider, string model, decimal input, decimal output, decimal? cacheRead)
    {
        ModelInfo found = ModelCatalogue.Embedded.Find(provider, model)!;

        Assert.Multiple(() =>
        {
            Assert.That(found.Prices.Input, Is.EqualTo(input));
            Assert.That(found.Prices.Output, Is.EqualTo(output));
            Assert.That(found.Prices.CacheRead, Is.EqualTo(cacheRead));
            Assert.That(found.IsSuspect, Is.False);
        });
    }
}
