namespace IntegrationLayer.Sdk.Models;

/// <summary>Who takes marks in a prompt, up to which the provider's prompt cache is written and read.</summary>
internal static class PromptMarks
{
    // What is hashed and counted are characters, of which English has about four to a token.
    private const int CharactersPerToken = 4;

    /// <summary>Says whether a deployment keeps only what is marked, and the gateway passes marks on to it.</summary>
    public static bool Takes(Deployment deployment) =>
        deployment.Provider is "anthropic" || (deployment.Provider is "bedrock" && deployment.ModelId.Contains("claude", StringComparison.OrdinalIgnoreCase));

    /// <summary>Says whether a beginning is long enough for a deployment that takes marks.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="characters">The length of the beginning.</param>
    public static bool Suits(Deployment deployment, long characters) => Takes(deployment) && characters >= (long)LeastTokens(deployment.ModelId) * CharactersPerToken;

    // As Anthropic documents it; what is shorter isn't kept, marked or not.
    private static int LeastTokens(string model) =>
        Is(model, "haiku-4-5") || Is(model, "opus-4-5") || Is(model, "opus-4-6") ? 4_096
        : Is(model, "haiku") ? 2_048
        : 1_024;

    private static bool Is(string model, string part) => model.Contains(part, StringComparison.OrdinalIgnoreCase);
}
