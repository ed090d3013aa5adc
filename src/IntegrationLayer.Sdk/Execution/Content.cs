using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Execution;

/// <summary>Tells what a model says from what is said about it.</summary>
internal static class Content
{
    /// <summary>Says whether an update has content: text, reasoning, a tool call, a refusal, an image. Role-only, empty and usage-only ones have none.</summary>
    public static bool IsIn(LlmResponseUpdate update)
    {
        if (update.PlainText is { Length: > 0 })
        {
            return true;
        }

        IList<AIContent> contents = update.Content.Contents;
        for (int i = 0; i < contents.Count; i++)
        {
            bool isContent = contents[i] switch
            {
                TextContent text => !string.IsNullOrEmpty(text.Text),
                TextReasoningContent reasoning => !string.IsNullOrEmpty(reasoning.Text) || reasoning.ProtectedData is not null,
                UsageContent => false,
                _ => true,
            };
            if (isContent)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Counts the characters of text and reasoning in an update.</summary>
    public static int LengthOf(LlmResponseUpdate update) =>
        update.PlainText?.Length ?? update.Content.Contents.Sum(static content => content switch
        {
            TextContent text => text.Text.Length,
            TextReasoningContent reasoning => reasoning.Text.Length,
            _ => 0,
        });
}
