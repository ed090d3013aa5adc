using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>What other providers have left in a conversation, and this one wouldn't take.</summary>
internal static class ForeignHistory
{
    private const int LongestOpenAIId = 40;
    private const int LongestClaudeId = 64;
    private const int MistralIdLength = 9;
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Says what is changed or left out when a conversation goes to a deployment.</summary>
    public static LlmHistoryRepairs RepairsOf(IReadOnlyList<ChatMessage> messages, Deployment deployment)
    {
        // An answer is never the only message.
        LlmHistoryRepairs repairs = LlmHistoryRepairs.None;
        for (int i = 0; messages.Count > 1 && i < messages.Count; i++)
        {
            if (messages[i].Role == ChatRole.Assistant)
            {
                foreach (AIContent content in messages[i].Contents)
                {
                    repairs |= RepairOf(content, deployment);
                }
            }
        }

        return repairs;
    }

    /// <summary>Says whether reasoning can go back to the deployment: only its author can check the signature.</summary>
    public static bool IsSignedBy(TextReasoningContent reasoning, Deployment deployment) =>
        reasoning.ProtectedData is not null
        && ProviderTraits.IsClaude(deployment)
        && reasoning.AdditionalProperties?.TryGetValue(MessageFields.SignedBy, out object? by) == true
        && by is string provider
        && provider == deployment.Provider;

    /// <summary>Gets the identifier under which a tool call and its result go to a deployment: their own, or where the provider would refuse it, one that follows from it.</summary>
    public static string IdFor(Deployment deployment, string id)
    {
        if (deployment.Provider == "mistral-ai")
        {
            return id.Length == MistralIdLength && id.All(char.IsAsciiLetterOrDigit) ? id : DigitsOf(StableHash.Of(id));
        }

        bool isTaken = ProviderTraits.IsClaude(deployment) || deployment.Provider == "bedrock"
            ? id.Length is > 0 and <= LongestClaudeId && id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
            : deployment.Provider is not ("openai" or "azure-openai" or "github") || id.Length <= LongestOpenAIId;
        return isTaken ? id : $"call_{StableHash.Of(id):x16}";
    }

    private static LlmHistoryRepairs RepairOf(AIContent content, Deployment deployment) => content switch
    {
        FunctionCallContent { InformationalOnly: false } call =>
            (ReferenceEquals(IdFor(deployment, call.CallId), call.CallId) ? LlmHistoryRepairs.None : LlmHistoryRepairs.ToolCallsRenamed)
            | (!ProviderTraits.IsGemini(deployment) && call.AdditionalProperties?.ContainsKey(MessageFields.ThoughtSignature) is true ? LlmHistoryRepairs.ReasoningDropped : LlmHistoryRepairs.None),
        TextReasoningContent reasoning => reasoning.ProtectedData is null || IsSignedBy(reasoning, deployment) ? LlmHistoryRepairs.None : LlmHistoryRepairs.ReasoningDropped,
        TextContent or UsageContent or ErrorContent { ErrorCode: "Refusal" } => LlmHistoryRepairs.None,
        _ => LlmHistoryRepairs.PartsDropped,
    };

    private static string DigitsOf(ulong number) => string.Create(MistralIdLength, number, static (digits, left) =>
    {
        for (int i = 0; i < digits.Length; i++)
        {
            digits[i] = Digits[(int)(left % (ulong)Digits.Length)];
            left /= (ulong)Digits.Length;
        }
    });
}
