using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Recognises conversations in which a tool has done something in the world: what is said about that is about that once.</summary>
internal static class SideEffects
{
    /// <summary>Says whether the messages hold a call of a tool that needs a person's approval, or of one that the provider ran.</summary>
    public static bool WereCausedBy(LlmRequest request)
    {
        IList<AITool>? tools = request.Options?.Tools;
        for (int m = 0; m < request.Messages.Count; m++)
        {
            IList<AIContent> contents = request.Messages[m].Contents;
            for (int c = 0; c < contents.Count; c++)
            {
                bool isEffect = contents[c] switch
                {
                    TextContent => false,
                    FunctionCallContent call => NeedsApproval(tools, call.Name),
                    ToolCallContent => true,
                    _ => false,
                };
                if (isEffect)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool NeedsApproval(IList<AITool>? tools, string name)
    {
        for (int i = 0; i < tools?.Count; i++)
        {
            if (tools[i].Name == name)
            {
                return tools[i].GetService<ApprovalRequiredAIFunction>() is not null;
            }
        }

        return false;
    }
}
