using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Writes the messages of a request.</summary>
internal static class MessageWriter
{
    private const int LongestName = 64;

    public static void Write(Utf8JsonWriter writer, IReadOnlyList<ChatMessage> messages, string? instructions, Deployment deployment, PrefixMarks marks)
    {
        if (!string.IsNullOrEmpty(instructions))
        {
            writer.WriteStartObject();
            writer.WriteString("role"u8, "system"u8);
            if (marks.Instructions)
            {
                writer.WriteStartArray("content"u8);
                PartWriter.WriteMarked(writer, instructions);
                writer.WriteEndArray();
            }
            else
            {
                writer.WriteString("content"u8, instructions);
            }

            writer.WriteEndObject();
        }

        for (int index = 0; index < messages.Count; index++)
        {
            ChatMessage message = messages[index];
            if (message.Role == ChatRole.Tool)
            {
                WriteResults(writer, messages, index, deployment);
            }
            else if (message.Role == ChatRole.Assistant)
            {
                AssistantWriter.Write(writer, message, deployment);
            }
            else
            {
                WriteMessage(writer, message, deployment, marks.ContentOf(index, message));
            }
        }
    }

    /// <summary>Reduces a name to what OpenAI allows in one: letters, digits, _ and -, at most 64 of them.</summary>
    public static string? CleanName(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return null;
        }

        StringBuilder clean = new(Math.Min(name.Length, LongestName));
        foreach (char letter in name)
        {
            if (clean.Length < LongestName && (char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-'))
            {
                clean.Append(letter);
            }
        }

        return clean.Length == 0 ? null : clean.ToString();
    }

    private static void WriteMessage(Utf8JsonWriter writer, ChatMessage message, Deployment deployment, TextContent? marked)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, message.Role.Value);
        if (CleanName(message.AuthorName) is { } name)
        {
            writer.WriteString("name"u8, name);
        }

        IList<AIContent> contents = message.Contents;
        if (marked is null && contents is [TextContent { AdditionalProperties: null } only])
        {
            writer.WriteString("content"u8, only.Text);
        }
        else
        {
            writer.WriteStartArray("content"u8);
            foreach (AIContent content in contents)
            {
                if (ReferenceEquals(content, marked))
                {
                    PartWriter.WriteMarked(writer, marked!.Text);
                }
                else
                {
                    PartWriter.Write(writer, content, deployment);
                }
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    // One message of results becomes one message a result.
    private static void WriteResults(Utf8JsonWriter writer, IReadOnlyList<ChatMessage> messages, int index, Deployment deployment)
    {
        foreach (AIContent content in messages[index].Contents)
        {
            if (content is not FunctionResultContent result)
            {
                if (content is TextContent { Text: "" } or UsageContent)
                {
                    continue;
                }

                throw PortkeyFailures.InvalidRequest($"A tool message holds a {content.GetType().Name}. Tool messages may hold FunctionResultContent only.");
            }

            writer.WriteStartObject();
            writer.WriteString("role"u8, "tool"u8);
            writer.WriteString("tool_call_id"u8, ForeignHistory.IdFor(deployment, result.CallId));
            if (ProviderTraits.IsGemini(deployment) && NameOf(result.CallId, messages, index) is { } name)
            {
                writer.WriteString("name"u8, name);
            }

            writer.WriteString("content"u8, TextOf(result));
            writer.WriteEndObject();
        }
    }

    private static string? NameOf(string callId, IReadOnlyList<ChatMessage> messages, int before)
    {
        for (int index = before - 1; index >= 0; index--)
        {
            foreach (AIContent content in messages[index].Contents)
            {
                if (content is FunctionCallContent call && call.CallId == callId)
                {
                    return call.Name;
                }
            }
        }

        return null;
    }

    private static string TextOf(FunctionResultContent result)
    {
        switch (result.Result)
        {
            case null:
                return result.Exception is null ? "" : "Error: the function failed.";
            case string text:
                return text;
            case JsonElement { ValueKind: JsonValueKind.String } element:
                return element.GetString() ?? "";
            case JsonElement { ValueKind: not JsonValueKind.Undefined } element:
                return element.GetRawText();
            case JsonNode node:
                return node.ToJsonString();
            case TextContent content:
                return content.Text;
            case IEnumerable<AIContent> contents when contents.All(content => content is TextContent):
                return string.Concat(contents.Cast<TextContent>().Select(content => content.Text));
        }

        try
        {
            return JsonSerializer.Serialize(result.Result, JsonWriting.Values.GetTypeInfo(typeof(object)));
        }
        catch (Exception e) when (e is NotSupportedException or JsonException or InvalidOperationException)
        {
            throw PortkeyFailures.InvalidRequest(
                $"The result of tool call '{result.CallId}' is a {result.Result.GetType().Name}, which can't be written as JSON. Return a string, a JsonElement or a JsonNode.");
        }
    }
}
