using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Decides which answers may be given to somebody else.</summary>
internal static class CleanAnswer
{
    /// <summary>Says whether an answer is complete, ended by itself, and is objected to neither by the model nor by a guardrail.</summary>
    public static bool Is(ChatResponse answer, bool isGuardrailFlagged) =>
        !isGuardrailFlagged
        && (answer.FinishReason == ChatFinishReason.Stop || answer.FinishReason == ChatFinishReason.ToolCalls)
        && !HasError(answer.Messages);

    private static bool HasError(IList<ChatMessage> messages)
    {
        for (int m = 0; m < messages.Count; m++)
        {
            IList<AIContent> contents = messages[m].Contents;
            for (int c = 0; c < contents.Count; c++)
            {
                if (contents[c] is ErrorContent)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
