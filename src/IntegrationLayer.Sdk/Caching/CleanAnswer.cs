using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Decides which answers may be given to somebody else.</summary>
internal static class CleanAnswer
{
    /// <summary>Says whether an answer is complete, ended by itself, and is objected to neither by the model nor by a guardrail.</summary>
    public static bool Is(ChatResponse answer, bool isGuardrailFlagged) =>
        !isGuardrailFlagged
        && (answer.FinishReason == ChatFinishReason.Stop || answer.FinishReason == ChatFinishReason.ToolCalls)
        && !answer.Messages.Any(static message => message.Contents.Any(static content => content is ErrorContent));
}
