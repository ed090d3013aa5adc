using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Where providers want the same thing said differently. The gateway translates most of it; this is the rest.</summary>
internal static class ProviderTraits
{
    private const int SmallestThinkingBudget = 1_024;

    /// <summary>Says whether the deployment is a Claude, whose API needs <c>max_tokens</c> and takes reasoning as a budget of tokens.</summary>
    public static bool IsClaude(Deployment deployment) =>
        deployment.Provider == "anthropic"
        || (deployment.Provider is "vertex-ai" or "bedrock" or "azure-ai" && deployment.ModelId.Contains("claude", StringComparison.OrdinalIgnoreCase));

    /// <summary>Says whether the deployment is a Gemini: it matches tool results by the tool's name, and wants its thought signatures back.</summary>
    public static bool IsGemini(Deployment deployment) => deployment.Provider is "google" or "vertex-ai" && !IsClaude(deployment);

    /// <summary>Says whether a PDF goes as the bare Base64 with a media type, as the gateway's translation for these providers wants it.</summary>
    public static bool TakesBareFiles(Deployment deployment) => IsClaude(deployment) || deployment.Provider == "bedrock";

    /// <summary>Says whether the cap on the answer is called <c>max_completion_tokens</c>.</summary>
    /// <remarks>
    /// OpenAI deprecates <c>max_tokens</c> and its reasoning models refuse it. Servers that merely speak OpenAI's protocol (a custom host)
    /// and old API versions of Azure may know only <c>max_tokens</c>, so there it depends on the model.
    /// </remarks>
    public static bool UsesMaxCompletionTokens(Deployment deployment) => deployment.Provider switch
    {
        "openai" => deployment.Account.CustomHost is null || IsOpenAiReasoning(deployment),
        "azure-openai" or "azure-ai" or "github" => IsOpenAiReasoning(deployment),
        _ => false,
    };

    /// <summary>Gives the budget that stands for an effort: a quarter, half or four fifths of the answer's cap, at least Anthropic's minimum of 1,024.</summary>
    /// <returns><see langword="null"/> when the cap leaves no room for it.</returns>
    public static int? ThinkingBudget(int cap, int percent) =>
        cap <= SmallestThinkingBudget ? null : (int)Math.Clamp((long)cap * percent / 100, SmallestThinkingBudget, cap - 1L);

    private static bool IsOpenAiReasoning(Deployment deployment)
    {
        string model = deployment.ModelId;
        return deployment.Model.Capabilities.HasFlag(ModelCapabilities.Reasoning)
            || model.StartsWith("gpt-5", StringComparison.OrdinalIgnoreCase)
            || (model.Length >= 2 && model[0] is 'o' or 'O' && char.IsAsciiDigit(model[1]));
    }
}
