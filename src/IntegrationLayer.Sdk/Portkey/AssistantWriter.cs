using System.Text.Json;
using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Writes what the model said before.</summary>
/// <remarks>Of its reasoning only what this provider has signed goes back: the others would refuse it, and it isn't part of the answer.</remarks>
internal static class AssistantWriter
{
    public static void Write(Utf8JsonWriter writer, ChatMessage message, Deployment deployment)
    {
        string? text = null;
        string? refusal = null;
        bool hasCalls = false;
        bool hasSigned = false;
        foreach (AIContent content in message.Contents)
        {
            switch (content)
            {
                case TextContent part:
                    text += part.Text;
                    break;
                case ErrorContent { ErrorCode: "Refusal" } error:
                    refusal += error.Message;
                    break;
                case FunctionCallContent { InformationalOnly: false }:
                    hasCalls = true;
                    break;
                case TextReasoningContent reasoning:
                    hasSigned |= ForeignHistory.IsSignedBy(reasoning, deployment);
                    break;
            }
        }

        writer.WriteStartObject();
        writer.WriteString("role"u8, "assistant"u8);
        if (MessageWriter.CleanName(message.AuthorName) is { } name)
        {
            writer.WriteString("name"u8, name);
        }

        if (text is null && (hasCalls || refusal is not null))
        {
            writer.WriteNull("content"u8);
        }
        else
        {
            writer.WriteString("content"u8, text ?? "");
        }

        if (refusal is not null)
        {
            writer.WriteString("refusal"u8, refusal);
        }

        if (hasSigned)
        {
            WriteBlocks(writer, message, deployment);
        }

        if (hasCalls)
        {
            writer.WriteStartArray("tool_calls"u8);
            foreach (AIContent content in message.Contents)
            {
                if (content is FunctionCallContent { InformationalOnly: false } call)
                {
                    WriteCall(writer, call, deployment);
                }
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    // The gateway prefers content_blocks to content, so the text is repeated here, in its place after the reasoning.
    private static void WriteBlocks(Utf8JsonWriter writer, ChatMessage message, Deployment deployment)
    {
        writer.WriteStartArray("content_blocks"u8);
        System.Text.StringBuilder pending = new();
        foreach (AIContent content in message.Contents)
        {
            switch (content)
            {
                // Streams give the thinking in pieces and the signature with the last one: what is signed is all of them.
                case TextReasoningContent { ProtectedData: null } piece:
                    pending.Append(piece.Text);
                    break;
                case TextReasoningContent reasoning when ForeignHistory.IsSignedBy(reasoning, deployment):
                    WriteReasoning(writer, reasoning, pending.Append(reasoning.Text).ToString());
                    pending.Clear();
                    break;
                case TextContent { Text.Length: > 0 } text:
                    writer.WriteStartObject();
                    writer.WriteString("type"u8, "text"u8);
                    writer.WriteString("text"u8, text.Text);
                    writer.WriteEndObject();
                    break;
            }
        }

        writer.WriteEndArray();
    }

    private static void WriteReasoning(Utf8JsonWriter writer, TextReasoningContent reasoning, string text)
    {
        writer.WriteStartObject();
        if (reasoning.AdditionalProperties?.ContainsKey(MessageFields.Redacted) == true)
        {
            writer.WriteString("type"u8, "redacted_thinking"u8);
            writer.WriteString("data"u8, reasoning.ProtectedData);
        }
        else
        {
            writer.WriteString("type"u8, "thinking"u8);
            writer.WriteString("thinking"u8, text);
            writer.WriteString("signature"u8, reasoning.ProtectedData);
        }

        writer.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter writer, FunctionCallContent call, Deployment deployment)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, ForeignHistory.IdFor(deployment, call.CallId));
        writer.WriteString("type"u8, "function"u8);
        writer.WriteStartObject("function"u8);
        writer.WriteString("name"u8, call.Name);
        writer.WriteString("arguments"u8, ArgumentsOf(call));
        if (ProviderTraits.IsGemini(deployment)
            && call.AdditionalProperties?.TryGetValue(MessageFields.ThoughtSignature, out object? value) == true
            && value is string signature)
        {
            writer.WriteString("thought_signature"u8, signature);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string ArgumentsOf(FunctionCallContent call)
    {
        if (call.Arguments is not { Count: > 0 } arguments)
        {
            return "{}";
        }

        try
        {
            return JsonSerializer.Serialize(arguments, JsonWriting.Values.GetTypeInfo(typeof(IDictionary<string, object?>)));
        }
        catch (Exception e) when (e is NotSupportedException or JsonException or InvalidOperationException)
        {
            throw PortkeyFailures.InvalidRequest(
                $"The arguments of tool call '{call.CallId}' can't be written as JSON. Use strings, numbers, bools, JsonElement or JsonNode.");
        }
    }
}
