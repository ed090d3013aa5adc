namespace IntegrationLayer.Sdk.CatalogueTool.Sources;

/// <summary>The gateway's slugs for the sources' names of providers.</summary>
/// <remarks>A name that is missing here is a provider that the gateway can't reach, or a subscription whose prices aren't list prices.</remarks>
internal static class SellerNames
{
    /// <summary>Gets the slugs for the providers of @oh-my-pi/pi-catalog.</summary>
    public static IReadOnlyDictionary<string, string> Pi { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["amazon-bedrock"] = "bedrock",
        ["anthropic"] = "anthropic",
        ["azure"] = "azure-openai",
        ["bedrock-mantle"] = "bedrock-mantle",
        ["cerebras"] = "cerebras",
        ["deepinfra"] = "deepinfra",
        ["deepseek"] = "deepseek",
        ["fireworks"] = "fireworks-ai",
        ["google"] = "google",
        ["google-vertex"] = "vertex-ai",
        ["groq"] = "groq",
        ["huggingface"] = "huggingface",
        ["minimax"] = "minimax",
        ["mistral"] = "mistral-ai",
        ["moonshot"] = "moonshot",
        ["novita"] = "novita-ai",
        ["nvidia"] = "nvidia",
        ["ollama-cloud"] = "ollama",
        ["openai"] = "openai",
        ["openrouter"] = "openrouter",
        ["together"] = "together-ai",
        ["xai"] = "x-ai",
        ["zai"] = "z-ai",
    };

    /// <summary>Gets the slugs for the providers of @pydantic/genai-prices, apart from Google's and Hugging Face's, which need a look at the model.</summary>
    public static IReadOnlyDictionary<string, string> Genai { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["anthropic"] = "anthropic",
        ["aws"] = "bedrock",
        ["azure"] = "azure-openai",
        ["cerebras"] = "cerebras",
        ["cloudflare"] = "workers-ai",
        ["cohere"] = "cohere",
        ["deepseek"] = "deepseek",
        ["fireworks"] = "fireworks-ai",
        ["groq"] = "groq",
        ["minimax"] = "minimax",
        ["mistral"] = "mistral-ai",
        ["moonshotai"] = "moonshot",
        ["novita"] = "novita-ai",
        ["openai"] = "openai",
        ["openrouter"] = "openrouter",
        ["ovhcloud"] = "ovhcloud",
        ["perplexity"] = "perplexity-ai",
        ["together"] = "together-ai",
        ["voyageai"] = "voyage",
        ["x-ai"] = "x-ai",
        ["zai"] = "z-ai",
        ["zhipuai"] = "zhipu",
    };
}
