using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>The updates that make up an answer, as JSON: what outlives the process, and what serves whole and streamed requests alike.</summary>
internal static class UpdateList
{
    private static JsonTypeInfo<ChatResponseUpdate> Contract => (JsonTypeInfo<ChatResponseUpdate>)AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ChatResponseUpdate));

    /// <summary>Writes an answer without its usage.</summary>
    /// <exception cref="NotSupportedException">It holds something that can't be written down.</exception>
    public static byte[] Write(ChatResponse answer)
    {
        // By a writer of its own: that of the contract's options would indent.
        using var buffer = JsonBuffer.Rent();
        buffer.Writer.WriteStartArray();
        foreach (ChatResponseUpdate update in Of(answer))
        {
            JsonSerializer.Serialize(buffer.Writer, update, Contract);
        }

        buffer.Writer.WriteEndArray();
        buffer.Writer.Flush();
        return buffer.Written.ToArray();
    }

    /// <summary>Reads the updates.</summary>
    /// <exception cref="JsonException">The text is no list of updates.</exception>
    public static List<ChatResponseUpdate> Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var updates = new List<ChatResponseUpdate>();
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartArray)
        {
            throw new JsonException("A stored answer is a list.");
        }

        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            updates.Add(JsonSerializer.Deserialize(ref reader, Contract)!);
        }

        return updates;
    }

    /// <summary>Gets the updates of an answer, without its usage.</summary>
    public static List<ChatResponseUpdate> Of(ChatResponse answer)
    {
        List<ChatResponseUpdate> updates = [.. answer.ToChatResponseUpdates()];
        foreach (ChatResponseUpdate update in updates)
        {
            if (update.Contents.Any(static c => c is UsageContent))
            {
                update.Contents = [.. update.Contents.Where(static c => c is not UsageContent)];
            }
        }

        if (answer.Messages.Count > 1)
        {
            KeepApart(CollectionsMarshal.AsSpan(updates)[..answer.Messages.Count]);
        }

        return updates;
    }

    // Updates are put together by the id of their message: one without an id of its own would become a part of the one before.
    private static void KeepApart(ReadOnlySpan<ChatResponseUpdate> updates)
    {
        updates[0].MessageId ??= "first";
        for (int i = 1; i < updates.Length; i++)
        {
            if (updates[i].MessageId is null || updates[i].MessageId == updates[i - 1].MessageId)
            {
                updates[i].MessageId = $"{updates[i - 1].MessageId}+";
            }
        }
    }
}
