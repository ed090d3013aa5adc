using System.Text.Json;

namespace IntegrationLayer.Sdk.Testing.Wire;

/// <summary>The JSON of chat completions and of their chunks, for one answer.</summary>
internal sealed class ChatJson(WireContext context, string model, FakePortkeyUsage usage)
{
    private readonly string _provider = context.Provider;

    /// <summary>The dialect this answer is written in.</summary>
    public Dialect Dialect { get; } = Dialects.Of(context.Provider, model);

    private string Id => Dialect switch
    {
        Dialect.Anthropic when context.Request.IsStream => $"anthropic-{context.Number}",
        Dialect.Anthropic => $"msg_fake{context.Number}",
        Dialect.Google => $"portkey-fake-{context.Number}",
        _ => $"chatcmpl-fake{context.Number}",
    };

    /// <summary>A whole completion.</summary>
    public ReadOnlyMemory<byte> Completion(
        string? text, IReadOnlyList<ScriptedToolCall> toolCalls, string finishReason, bool withUsage, bool flagged) => JsonBytes.Object(json =>
    {
        WriteTop(json, "chat.completion", model);
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WritePlainString("content", text);
        if (Dialect == Dialect.OpenAi)
        {
            json.WriteNull("refusal");
        }

        if (toolCalls.Count > 0)
        {
            json.WriteStartArray("tool_calls");
            for (int i = 0; i < toolCalls.Count; i++)
            {
                WriteToolCall(json, index: null, ToolCallId(i), toolCalls[i].Name, toolCalls[i].Arguments);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", finishReason);
        json.WriteEndObject();
        json.WriteEndArray();
        if (withUsage)
        {
            UsageJson.Write(json, usage, Dialect);
        }

        if (flagged)
        {
            HookJson.Write(json, before: false, deny: false, "output_guardrail_fake");
        }
    });

    /// <summary>A chunk with a delta.</summary>
    /// <param name="delta">Writes the members of the delta.</param>
    /// <param name="finishReason">The finish reason; null while the answer goes on.</param>
    /// <param name="usageMember">True writes the usage, false writes <c>"usage":null</c>, null leaves the member out.</param>
    public ReadOnlyMemory<byte> Chunk(Action<Utf8JsonWriter> delta, string? finishReason, bool? usageMember) => JsonBytes.Object(json =>
    {
        WriteTop(json, "chat.completion.chunk", model);
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("delta");
        delta(json);
        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteTextOrNull("finish_reason", finishReason);
        json.WriteEndObject();
        json.WriteEndArray();
        if (usageMember == true)
        {
            UsageJson.Write(json, usage, Dialect);
        }
        else if (usageMember == false)
        {
            json.WriteNull("usage");
        }
    });

    /// <summary>The last chunk of OpenAI's dialect when usage was asked for: no choices.</summary>
    public ReadOnlyMemory<byte> UsageChunk() => JsonBytes.Object(json =>
    {
        WriteTop(json, "chat.completion.chunk", model);
        json.WriteStartArray("choices");
        json.WriteEndArray();
        UsageJson.Write(json, usage, Dialect);
    });

    /// <summary>What the gateway makes of an Anthropic error event: a chunk without model and index whose finish reason is the error's type.</summary>
    public ReadOnlyMemory<byte> ErrorFinishChunk(string errorType) => JsonBytes.Object(json =>
    {
        WriteTop(json, "chat.completion.chunk", string.Empty);
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteString("finish_reason", errorType);
        json.WriteStartObject("delta");
        json.WriteString("content", string.Empty);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    });

    /// <summary>The id of a tool call, unique within the fake.</summary>
    public string ToolCallId(int index) => $"call_fake{context.Number}_{index}";

    /// <summary>One tool call; the index is written in chunks only, and chunks after the first leave id and name out.</summary>
    public static void WriteToolCall(Utf8JsonWriter json, int? index, string? id, string? name, string arguments)
    {
        json.WriteStartObject();
        if (index is { } position)
        {
            json.WriteNumber("index", position);
        }

        if (id is not null)
        {
            json.WriteString("id", id);
            json.WriteString("type", "function");
        }

        json.WriteStartObject("function");
        if (name is not null)
        {
            json.WriteString("name", name);
        }

        json.WritePlainString("arguments", arguments);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteTop(Utf8JsonWriter json, string kind, string modelName)
    {
        json.WriteString("id", Id);
        json.WriteString("object", kind);
        json.WriteNumber("created", context.Created);
        json.WriteString("model", modelName);
        if (Dialects.NamesProvider(_provider))
        {
            json.WriteString("provider", _provider);
        }
    }
}
