namespace IntegrationLayer.Sdk.Models;

/// <summary>Other names under which providers are known, and the gateway's slugs for them.</summary>
internal static class ProviderNames
{
    private static readonly Dictionary<string, string> Slugs = new(StringComparer.OrdinalIgnoreCase)
    {
        ["amazon-bedrock"] = "bedrock",
        ["aws-bedrock"] = "bedrock",
        ["azure"] = "azure-openai",
        ["cloudflare"] = "workers-ai",
        ["fireworks"] = "fireworks-ai",
        ["gemini"] = "google",
        ["google-vertex"] = "vertex-ai",
        ["mistral"] = "mistral-ai",
        ["moonshotai"] = "moonshot",
        ["novita"] = "novita-ai",
        ["perplexity"] = "perplexity-ai",
        ["together"] = "together-ai",
        ["vertex"] = "vertex-ai",
        ["voyageai"] = "voyage",
        ["xai"] = "x-ai",
        ["zai"] = "z-ai",
        ["zhipuai"] = "zhipu",
    };

    /// <summary>Gets the gateway's slug of a provider; a name that isn't known stays as it is.</summary>
    public static string Canonical(string provider) => Slugs.GetValueOrDefault(provider, provider);
}
