using System.Text.Json;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Decides which answers may be given to somebody else.</summary>
internal static class CleanAnswer
{
    /// <summary>
    /// Says whether an answer says something, ended by itself, is objected to neither by the model nor by a guardrail, calls the request's own tools
    /// as they want to be called, and has the form that was asked for.
    /// </summary>
    public static bool Is(LlmRequest request, ChatResponse answer, bool isGuardrailFlagged)
    {
        bool isEnded = answer.FinishReason == ChatFinishReason.Stop || answer.FinishReason == ChatFinishReason.ToolCalls;
        if (isGuardrailFlagged || !isEnded)
        {
            return false;
        }

        (bool callsTools, bool hasText) = (false, false);
        IList<ChatMessage> messages = answer.Messages;
        for (int m = 0; m < messages.Count; m++)
        {
            IList<AIContent> contents = messages[m].Contents;
            for (int c = 0; c < contents.Count; c++)
            {
                switch (contents[c])
                {
                    case TextContent text:
                        hasText |= !string.IsNullOrEmpty(text.Text);
                        break;
                    case FunctionCallContent call when IsValid(request.Options?.Tools, call):
                        callsTools = true;
                        break;
                    case ToolCallContent or ToolResultContent or ErrorContent:
                        return false;
                }
            }
        }

        return callsTools || (hasText && IsOfForm(request, answer));
    }

    private static bool IsValid(IList<AITool>? tools, FunctionCallContent call)
    {
        for (int i = 0; i < tools?.Count; i++)
        {
            if (tools[i] is AIFunctionDeclaration function && function.Name == call.Name)
            {
                return call.Exception is null && new JsonSchemaCheck(function.JsonSchema).Accepts(ToJson(call.Arguments));
            }
        }

        return false;
    }

    private static JsonElement ToJson(IDictionary<string, object?>? arguments) => JsonSerializer.SerializeToElement(
        arguments ?? new Dictionary<string, object?>(), AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IDictionary<string, object?>)));

    private static bool IsOfForm(LlmRequest request, ChatResponse answer)
    {
        if (request.Options?.ResponseFormat is not ChatResponseFormatJson format)
        {
            return true;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(answer.Text);
            return format.Schema is not { } rules || new JsonSchemaCheck(rules).Accepts(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The text is no JSON, or the schema is none.
            return false;
        }
    }
}
