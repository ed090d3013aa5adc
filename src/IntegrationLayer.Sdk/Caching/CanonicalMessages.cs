using System.Security.Cryptography;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Writes a conversation down: what is said, not when it was or under which id.</summary>
internal static class CanonicalMessages
{
    /// <summary>Tells apart in which form a content is written.</summary>
    private enum Form : byte
    {
        Json,
        Text,
        Data,
    }

    public static void Add(FieldWriter input, IReadOnlyList<ChatMessage> messages)
    {
        input.Add(messages.Count);
        for (int i = 0; i < messages.Count; i++)
        {
            if (KnownContract.Messages)
            {
                Add(input, messages[i]);
            }
            else
            {
                CanonicalJson.Add(input, messages[i], typeof(ChatMessage));
            }
        }
    }

    private static void Add(FieldWriter input, ChatMessage message)
    {
        input.Add(message.Role.Value);
        input.Add(message.AuthorName);
        CanonicalJson.Add(input, message.AdditionalProperties);
        IList<AIContent> contents = message.Contents;
        input.Add(contents.Count);
        for (int i = 0; i < contents.Count; i++)
        {
            Add(input, contents[i]);
        }
    }

    private static void Add(FieldWriter input, AIContent content)
    {
        if (PlainText.Is(content))
        {
            input.Add(Form.Text);
            input.Add(((TextContent)content).Text);
        }
        else if (KnownContract.Data && content is DataContent { Annotations: null or { Count: 0 }, AdditionalProperties: null or { Count: 0 } } data && data.GetType() == typeof(DataContent))
        {
            // An image by its digest: it may be larger than all the rest.
            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(data.Data.Span, digest);
            input.Add(Form.Data);
            input.Add(data.MediaType);
            input.Add(data.Name);
            input.Add((ReadOnlySpan<byte>)digest);
        }
        else
        {
            input.Add(Form.Json);
            CanonicalJson.Add(input, content, typeof(AIContent));
        }
    }
}
