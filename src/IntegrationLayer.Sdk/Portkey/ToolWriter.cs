using System.Text.Json;
using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Writes the tools of a request and how the model may use them.</summary>
internal static class ToolWriter
{
    public static void Write(Utf8JsonWriter writer, ChatOptions options, Deployment deployment, bool marksLast)
    {
        if (options.Tools is not { Count: > 0 } tools)
        {
            return;
        }

        bool? strictness = Strictness.Of(options.AdditionalProperties);
        int marked = marksLast ? LastFunctionOf(tools) : -1;
        bool hasFunctions = false;
        for (int i = 0; i < tools.Count; i++)
        {
            switch (tools[i])
            {
                case AIFunctionDeclaration function:
                    if (!hasFunctions)
                    {
                        writer.WriteStartArray("tools"u8);
                        hasFunctions = true;
                    }

                    byte[] json = WrittenFunctions.Get(function, Strictness.Of(function.AdditionalProperties) ?? strictness);
                    writer.WriteRawValue(i == marked ? Marked(json) : json, skipInputValidation: true);
                    break;
                case HostedWebSearchTool when deployment.Provider is "openai" or "azure-openai" or "perplexity-ai":
                    break;
                case { } tool:
                    throw PortkeyFailures.InvalidRequest(
                        $"The tool '{tool.Name}' ({tool.GetType().Name}) can't be sent to {deployment.Provider} over chat completions. Use functions, or leave the tool out.");
            }
        }

        if (hasFunctions)
        {
            writer.WriteEndArray();
            WriteMode(writer, options);
        }

        for (int i = 0; i < tools.Count; i++)
        {
            if (tools[i] is HostedWebSearchTool)
            {
                writer.WriteStartObject("web_search_options"u8);
                writer.WriteEndObject();
                break;
            }
        }
    }

    private static int LastFunctionOf(IList<AITool> tools)
    {
        for (int i = tools.Count - 1; i >= 0; i--)
        {
            if (tools[i] is AIFunctionDeclaration)
            {
                return i;
            }
        }

        return -1;
    }

    // A mark for the provider's prompt cache, beside the function.
    private static byte[] Marked(byte[] json) => [.. json.AsSpan(0, json.Length - 1), .. ",\"cache_control\":{\"type\":\"ephemeral\"}}"u8];

    private static void WriteMode(Utf8JsonWriter writer, ChatOptions options)
    {
        switch (options.ToolMode)
        {
            case NoneChatToolMode:
                writer.WriteString("tool_choice"u8, "none"u8);
                break;
            case AutoChatToolMode:
                writer.WriteString("tool_choice"u8, "auto"u8);
                break;
            case RequiredChatToolMode { RequiredFunctionName: { } name }:
                writer.WriteStartObject("tool_choice"u8);
                writer.WriteString("type"u8, "function"u8);
                writer.WriteStartObject("function"u8);
                writer.WriteString("name"u8, name);
                writer.WriteEndObject();
                writer.WriteEndObject();
                break;
            case RequiredChatToolMode:
                writer.WriteString("tool_choice"u8, "required"u8);
                break;
        }

        if (options.AllowMultipleToolCalls is { } allowed)
        {
            writer.WriteBoolean("parallel_tool_calls"u8, allowed);
        }
    }
}
