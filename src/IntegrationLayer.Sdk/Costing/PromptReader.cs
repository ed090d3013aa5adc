using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>Walks through everything of a request that becomes input tokens.</summary>
internal static class PromptReader
{
    // OpenAI's cookbook on counting chat tokens: three per message and one for its role, three to open the answer.
    private const int TokensPerMessage = 4;
    private const int TokensOfAnswer = 3;

    // The same cookbook's figure for the end of a function; its other overheads are less than the JSON syntax that is counted here.
    private const int TokensPerTool = 12;

    // Identifier, name and arguments of a call are wrapped in JSON.
    private const int TokensPerCall = 8;

    private const int TokensOfScalar = 3;

    // An object that would have to be serialized to be counted.
    private const int TokensOfObject = 64;

    public static void Read(LlmRequest request, ref PromptMeter meter, ConditionalWeakTable<object, StrongBox<int>> known, TokenCounter counter)
    {
        meter.AddFixed(TokensOfAnswer);
        IReadOnlyList<ChatMessage> messages = request.Messages;
        for (int i = 0; i < messages.Count; i++)
        {
            Read(messages[i], ref meter);
        }

        if (request.Options is not { } options)
        {
            return;
        }

        if (!string.IsNullOrEmpty(options.Instructions))
        {
            meter.AddFixed(TokensPerMessage);
            meter.AddText(options.Instructions);
        }

        if (options.ResponseFormat is ChatResponseFormatJson { Schema: not null } format)
        {
            meter.AddFixed(CountOnce(format, known, counter));
        }

        if (options.Tools is { } tools)
        {
            for (int i = 0; i < tools.Count; i++)
            {
                meter.AddFixed(CountOnce(tools[i], known, counter));
            }
        }
    }

    private static void Read(ChatMessage message, ref PromptMeter meter)
    {
        meter.AddFixed(TokensPerMessage);
        meter.AddText(message.AuthorName);
        IList<AIContent> contents = message.Contents;
        for (int i = 0; i < contents.Count; i++)
        {
            Read(contents[i], ref meter);
        }
    }

    private static void Read(AIContent content, ref PromptMeter meter)
    {
        switch (content)
        {
            case TextContent text:
                meter.AddText(text.Text);
                break;
            case TextReasoningContent reasoning:
                meter.AddText(reasoning.Text);
                break;
            case DataContent data when IsText(data.MediaType):
                meter.AddUtf8(data.Data.Span);
                break;
            case DataContent data:
                meter.AddMedia(MediaReader.Measure(data));
                break;
            case UriContent uri:
                meter.AddMedia(MediaReader.Guess(uri.MediaType, uri));
                break;
            case HostedFileContent file:
                meter.AddMedia(MediaReader.Guess(file.MediaType, file));
                break;
            case FunctionCallContent call:
                ReadCall(call, ref meter);
                break;
            case FunctionResultContent result:
                meter.AddFixed(TokensPerCall);
                ReadValue(result.Result, ref meter);
                break;
            case ErrorContent error:
                meter.AddText(error.Message);
                break;
            default:
                break;
        }
    }

    private static void ReadCall(FunctionCallContent call, ref PromptMeter meter)
    {
        meter.AddFixed(TokensPerCall);
        meter.AddText(call.Name);
        if (call.Arguments is { } arguments)
        {
            foreach (KeyValuePair<string, object?> argument in arguments)
            {
                meter.AddFixed(TokensOfScalar);
                meter.AddText(argument.Key);
                ReadValue(argument.Value, ref meter);
            }
        }
    }

    private static void ReadValue(object? value, ref PromptMeter meter)
    {
        switch (value)
        {
            case string text:
                meter.AddText(text);
                break;
            case JsonElement { ValueKind: not JsonValueKind.Undefined } json:
                meter.AddUtf8(JsonMarshal.GetRawUtf8Value(json));
                break;
            case AIContent content:
                Read(content, ref meter);
                break;
            case IEnumerable<AIContent> contents:
                foreach (AIContent content in contents)
                {
                    Read(content, ref meter);
                }

                break;
            case null or IConvertible:
                meter.AddFixed(TokensOfScalar);
                break;
            default:
                meter.AddFixed(TokensOfObject);
                break;
        }
    }

    // Tools and schemas are the same objects in many requests, so each is counted once.
    private static int CountOnce(object toolOrFormat, ConditionalWeakTable<object, StrongBox<int>> known, TokenCounter counter)
    {
        if (known.TryGetValue(toolOrFormat, out StrongBox<int>? count))
        {
            return count.Value;
        }

        PromptMeter own = new(counter);
        Describe(toolOrFormat, ref own);
        own.StartCounting();
        Describe(toolOrFormat, ref own);
        known.AddOrUpdate(toolOrFormat, new StrongBox<int>(own.Tokens));
        return own.Tokens;
    }

    private static void Describe(object toolOrFormat, ref PromptMeter meter)
    {
        meter.AddFixed(TokensPerTool);
        if (toolOrFormat is ChatResponseFormatJson format)
        {
            meter.AddText(format.SchemaName);
            meter.AddText(format.SchemaDescription);
            meter.AddUtf8(JsonMarshal.GetRawUtf8Value(format.Schema!.Value));
        }
        else if (toolOrFormat is AITool tool)
        {
            meter.AddText(tool.Name);
            meter.AddText(tool.Description);
            if (tool is AIFunctionDeclaration { JsonSchema: { ValueKind: not JsonValueKind.Undefined } schema })
            {
                meter.AddUtf8(JsonMarshal.GetRawUtf8Value(schema));
            }
        }
    }

    private static bool IsText(string mediaType) =>
        mediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
        || mediaType.EndsWith("json", StringComparison.OrdinalIgnoreCase)
        || mediaType.EndsWith("xml", StringComparison.OrdinalIgnoreCase);
}
