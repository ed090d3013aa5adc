using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Recognises contents that are nothing but texts.</summary>
internal static class PlainText
{
    public static bool IsAll(IList<AIContent> contents)
    {
        for (int i = 0; i < contents.Count; i++)
        {
            if (contents[i].GetType() != typeof(TextContent)
                || contents[i] is not { Annotations: null or { Count: 0 }, AdditionalProperties: null or { Count: 0 } })
            {
                return false;
            }
        }

        return true;
    }
}
