using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Execution;

/// <summary>Puts the updates of a stream together.</summary>
internal static class StreamedText
{
    /// <summary>Gets the text of some updates.</summary>
    public static string Of(List<ChatResponseUpdate> updates)
    {
        (int length, string last) = (0, "");
        foreach (ChatResponseUpdate update in updates)
        {
            for (int i = 0; i < update.Contents.Count; i++)
            {
                if (update.Contents[i] is TextContent { Text: { Length: > 0 } text })
                {
                    length += text.Length;
                    last = text;
                }
            }
        }

        if (length == last.Length)
        {
            return last;
        }

        return string.Create(length, updates, static (text, updates) =>
        {
            foreach (ChatResponseUpdate update in updates)
            {
                for (int i = 0; i < update.Contents.Count; i++)
                {
                    if (update.Contents[i] is TextContent { Text: { } part })
                    {
                        part.CopyTo(text);
                        text = text[part.Length..];
                    }
                }
            }
        });
    }

    /// <summary>Makes one response of the updates of one.</summary>
    /// <remarks>As Microsoft.Extensions.AI does, but at once where there is nothing to put together but the text of one message.</remarks>
    public static ChatResponse ToChatResponse(List<ChatResponseUpdate> updates)
    {
        var response = new ChatResponse();
        var message = new ChatMessage(ChatRole.Assistant, (string?)null);
        foreach (ChatResponseUpdate update in updates)
        {
            if (!IsText(update) || (message.MessageId is not null && update.MessageId is not null && message.MessageId != update.MessageId))
            {
                return updates.ToChatResponse();
            }

            message.MessageId ??= update.MessageId;
            message.CreatedAt = update.CreatedAt ?? message.CreatedAt;
            response.ResponseId = update.ResponseId ?? response.ResponseId;
            response.ModelId = update.ModelId ?? response.ModelId;
            response.CreatedAt = update.CreatedAt ?? response.CreatedAt;
            response.FinishReason = update.FinishReason ?? response.FinishReason;
            Add(update, response, message);
        }

        message.Contents.Add(new TextContent(Of(updates)));
        response.Messages.Add(message);
        return response;
    }

    /// <summary>Says whether an update brings no content but the usage.</summary>
    public static bool IsAboutMessage(ChatResponseUpdate update)
    {
        for (int i = 0; i < update.Contents.Count; i++)
        {
            if (update.Contents[i] is not UsageContent)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsText(ChatResponseUpdate update)
    {
        // Properties of an update without a message's id are the response's.
        bool hasResponseProperties = update is { MessageId: null, AdditionalProperties.Count: > 0 };
        if (hasResponseProperties || update is not { AuthorName: null, ConversationId: null } || (update.Role is { } role && role != ChatRole.Assistant))
        {
            return false;
        }

        for (int i = 0; i < update.Contents.Count; i++)
        {
            bool isPlain = update.Contents[i] is UsageContent
                || (update.Contents[i].GetType() == typeof(TextContent)
                    && update.Contents[i] is { Annotations: null or { Count: 0 }, AdditionalProperties: null or { Count: 0 } });
            if (!isPlain)
            {
                return false;
            }
        }

        return true;
    }

    private static void Add(ChatResponseUpdate update, ChatResponse response, ChatMessage message)
    {
        for (int i = 0; i < update.Contents.Count; i++)
        {
            if (update.Contents[i] is UsageContent { Details: { } details })
            {
                (response.Usage ??= new UsageDetails()).Add(details);
            }
        }

        if (update.AdditionalProperties is { Count: > 0 } properties)
        {
            message.AdditionalProperties ??= [];
            foreach ((string name, object? value) in properties)
            {
                message.AdditionalProperties[name] = value;
            }
        }
    }
}
