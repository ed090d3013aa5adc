using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Recognises contents that are nothing but texts.</summary>
internal static class PlainText
{
    public static bool Is(AIContent content) =>
        content.GetType() == typeof(TextContent) && content is { Annotations: null or { Count: 0 }, AdditionalProperties: null or { Count: 0 } };

    public static bool IsAll(IList<AIContent> contents)
    {
        for (int i = 0; i < contents.Count; i++)
        {
            if (!Is(contents[i]))
            {
                return false;
            }
        }

        return true;
    }
}
