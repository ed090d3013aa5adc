using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Tests.Costing;

/// <summary>List prices as their sellers published them, in US dollars per million tokens. The names of the sources are beside them.</summary>
internal static class ListPrices
{
    // openai.com/api/pricing, 2025.
    public static readonly ModelPrices Gpt4o = new() { Input = 2.50m, CacheRead = 1.25m, Output = 10m };
    public static readonly ModelPrices O3Mini = new() { Input = 1.10m, CacheRead = 0.55m, Output = 4.40m };
    public static readonly ModelPrices Gpt4oAudio = new() { Input = 2.50m, Output = 10m, AudioInput = 40m, AudioOutput = 80m };
    public static readonly ModelPrices Embedding3Small = new() { Input = 0.02m };

    // Anthropic's pricing page for Claude Sonnet 4.5, with its long-context prices above 200,000 input tokens.
    public static readonly ModelPrices Sonnet45 = new()
    {
        Input = 3m,
        CacheRead = 0.30m,
        CacheWrite = 3.75m,
        CacheWriteOneHour = 6m,
        Output = 15m,
        Tiers = [new PriceTier { AboveInputTokens = 200_000, Input = 6m, CacheRead = 0.60m, CacheWrite = 7.50m, Output = 22.50m }],
    };

    // ai.google.dev/gemini-api/docs/pricing for Gemini 2.5 Pro.
    public static readonly ModelPrices Gemini25Pro = new()
    {
        Input = 1.25m,
        CacheRead = 0.125m,
        Output = 10m,
        Tiers = [new PriceTier { AboveInputTokens = 200_000, Input = 2.50m, CacheRead = 0.25m, Output = 15m }],
    };

    // api-docs.deepseek.com/quick_start/pricing for deepseek-chat, 2025.
    public static readonly ModelPrices DeepSeekChat = new() { Input = 0.27m, CacheRead = 0.07m, Output = 1.10m };

    public static readonly ModelPrices DeepSeekReasoner = new() { Input = 0.55m, CacheRead = 0.14m, Output = 2.19m };

    // openai.com/api/pricing for gpt-image-1: text in, images in, images out.
    public static readonly ModelPrices GptImage1 = new() { Input = 5m, ImageInput = 10m, Output = 40m };

    // ai.google.dev/gemini-api/docs/pricing for Gemini 2.5 Flash: audio in the input has a price of its own.
    public static readonly ModelPrices Gemini25Flash = new() { Input = 0.30m, AudioInput = 1.00m, CacheRead = 0.03m, Output = 2.50m };

    // aws.amazon.com/bedrock/pricing for Amazon Nova Lite.
    public static readonly ModelPrices NovaLite = new() { Input = 0.06m, CacheRead = 0.015m, Output = 0.24m };

    // docs.perplexity.ai/guides/pricing for sonar-deep-research.
    public static readonly ModelPrices SonarDeepResearch = new() { Input = 2m, Output = 8m };

    // docs.perplexity.ai/guides/pricing for sonar with low search context: 5 dollars per 1,000 requests.
    public static readonly ModelPrices Sonar = new() { Input = 1m, Output = 1m, PerRequest = 0.005m };
}
