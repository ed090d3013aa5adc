using System.Text.Json;
using IntegrationLayer.Sdk.Execution;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Writes the body of a chat request in OpenAI's shape, which the gateway translates for every other provider.</summary>
internal static class ChatRequestWriter
{
    // Anthropic requires a cap; this one is sent when neither the caller nor the catalogue knows any.
    private const int FallbackCap = 4_096;

    /// <summary>Writes the body.</summary>
    /// <exception cref="LlmException">The request asks for something that can't be sent.</exception>
    /// <exception cref="ArgumentException">An additional property can't be sent.</exception>
    public static PooledBuffer Write(in GatewayCall call, bool isStream)
    {
        ChatOptions? options = call.Options;
        Refuse(options);
        PooledBuffer buffer = new(1024);
        Utf8JsonWriter writer = JsonWriting.Rent(buffer);
        try
        {
            writer.WriteStartObject();
            writer.WriteString("model"u8, call.Deployment.ModelId);
            writer.WriteStartArray("messages"u8);
            MessageWriter.Write(writer, call.Messages, options?.Instructions, call.Deployment, call.MarksPrefix ? PrefixMarks.Of(call.Messages) : PrefixMarks.None);
            writer.WriteEndArray();
            WriteCap(writer, call);
            if (options is not null)
            {
                WriteSampling(writer, options);
                ToolWriter.Write(writer, options, call.Deployment, call.MarksPrefix);
                WriteFormat(writer, options);
                WriteReasoning(writer, call);
                if (options.AdditionalProperties is { Count: > 0 })
                {
                    WriteExtraFields(writer, options);
                }
            }

            if (isStream)
            {
                writer.WriteBoolean("stream"u8, true);
                writer.WriteStartObject("stream_options"u8);
                writer.WriteBoolean("include_usage"u8, true);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.Flush();
        }
        catch
        {
            JsonWriting.Return(writer);
            buffer.Dispose();
            throw;
        }

        JsonWriting.Return(writer);
        return buffer;
    }

    private static void Refuse(ChatOptions? options)
    {
        if (options is null)
        {
            return;
        }

        if (options.RawRepresentationFactory is not null)
        {
            throw PortkeyFailures.InvalidRequest(
                "ChatOptions.RawRepresentationFactory is not supported: the request is no object of another library. Put further fields of the body into ChatOptions.AdditionalProperties.");
        }

        if (options.ConversationId is not null)
        {
            throw PortkeyFailures.InvalidRequest(
                "ChatOptions.ConversationId is not supported: chat completions keep no state at the provider. Send the whole conversation as messages.");
        }

#pragma warning disable MEAI001 // Only looked at, so that a request to resume is not answered by a new one.
        if (options.ContinuationToken is not null)
#pragma warning restore MEAI001
        {
            throw PortkeyFailures.InvalidRequest("ChatOptions.ContinuationToken is not supported: chat completions don't run in the background.");
        }
    }

    private static void WriteCap(Utf8JsonWriter writer, in GatewayCall call)
    {
        if (Cap(call) is { } cap)
        {
            writer.WriteNumber(ProviderTraits.UsesMaxCompletionTokens(call.Deployment) ? "max_completion_tokens"u8 : "max_tokens"u8, cap);
        }
    }

    // The caller's cap, never more than was reckoned with; none unless the provider needs one.
    private static int? Cap(in GatewayCall call)
    {
        if (call.Options?.MaxOutputTokens is { } asked)
        {
            return Math.Min(asked, call.MaxOutputTokens ?? asked);
        }

        return ProviderTraits.IsClaude(call.Deployment) ? call.MaxOutputTokens ?? call.Deployment.Model.MaxOutputTokens ?? FallbackCap : null;
    }

    private static void WriteSampling(Utf8JsonWriter writer, ChatOptions options)
    {
        WriteNumber(writer, "temperature"u8, options.Temperature, nameof(ChatOptions.Temperature));
        WriteNumber(writer, "top_p"u8, options.TopP, nameof(ChatOptions.TopP));
        WriteNumber(writer, "frequency_penalty"u8, options.FrequencyPenalty, nameof(ChatOptions.FrequencyPenalty));
        WriteNumber(writer, "presence_penalty"u8, options.PresencePenalty, nameof(ChatOptions.PresencePenalty));
        if (options.TopK is { } topK)
        {
            writer.WriteNumber("top_k"u8, topK);
        }

        if (options.Seed is { } seed)
        {
            writer.WriteNumber("seed"u8, seed);
        }

        if (options.StopSequences is { Count: > 0 } stops)
        {
            writer.WriteStartArray("stop"u8);
            foreach (string stop in stops)
            {
                writer.WriteStringValue(stop);
            }

            writer.WriteEndArray();
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, ReadOnlySpan<byte> name, float? value, string member)
    {
        if (value is not { } number)
        {
            return;
        }

        if (!float.IsFinite(number))
        {
            throw PortkeyFailures.InvalidRequest($"ChatOptions.{member} is {number}. Give a finite number.");
        }

        writer.WriteNumber(name, number);
    }

    private static void WriteFormat(Utf8JsonWriter writer, ChatOptions options)
    {
        switch (options.ResponseFormat)
        {
            case ChatResponseFormatText:
                writer.WriteStartObject("response_format"u8);
                writer.WriteString("type"u8, "text"u8);
                writer.WriteEndObject();
                break;
            case ChatResponseFormatJson { Schema: null }:
                writer.WriteStartObject("response_format"u8);
                writer.WriteString("type"u8, "json_object"u8);
                writer.WriteEndObject();
                break;
            case ChatResponseFormatJson json:
                WriteSchema(writer, json, Strictness.Of(options.AdditionalProperties));
                break;
        }
    }

    private static void WriteSchema(Utf8JsonWriter writer, ChatResponseFormatJson format, bool? isStrict)
    {
        writer.WriteStartObject("response_format"u8);
        writer.WriteString("type"u8, "json_schema"u8);
        writer.WriteStartObject("json_schema"u8);
        writer.WriteString("name"u8, MessageWriter.CleanName(format.SchemaName) ?? "json_schema");
        if (!string.IsNullOrEmpty(format.SchemaDescription))
        {
            writer.WriteString("description"u8, format.SchemaDescription);
        }

        if (isStrict is { } strict)
        {
            writer.WriteBoolean("strict"u8, strict);
        }

        writer.WritePropertyName("schema"u8);
        (isStrict == true ? Strictness.SchemaOf(format) : format.Schema!.Value).WriteTo(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteReasoning(Utf8JsonWriter writer, in GatewayCall call)
    {
        if (call.Options?.Reasoning?.Effort is not { } effort)
        {
            return;
        }

        if (!ProviderTraits.IsClaude(call.Deployment))
        {
            writer.WriteString("reasoning_effort"u8, effort switch
            {
                ReasoningEffort.None => "none"u8,
                ReasoningEffort.Low => "low"u8,
                ReasoningEffort.High => "high"u8,
                ReasoningEffort.ExtraHigh => "xhigh"u8,
                _ => "medium"u8,
            });
            return;
        }

        int percent = effort switch { ReasoningEffort.None => 0, ReasoningEffort.Low => 25, ReasoningEffort.Medium => 50, _ => 80 };
        if (percent > 0 && ProviderTraits.ThinkingBudget(Cap(call)!.Value, percent) is { } budget)
        {
            writer.WriteStartObject("thinking"u8);
            writer.WriteString("type"u8, "enabled"u8);
            writer.WriteNumber("budget_tokens"u8, budget);
            writer.WriteEndObject();
        }
    }

    // Apart, so that the options are captured only when there are such fields.
    private static void WriteExtraFields(Utf8JsonWriter writer, ChatOptions options) =>
        ExtraFields.Write(writer, options.AdditionalProperties, name => IsTaken(name, options));

    // Fields that the options have members for: written twice they would be ambiguous.
    private static bool IsTaken(string name, ChatOptions options) => name switch
    {
        "temperature" => options.Temperature is not null,
        "top_p" => options.TopP is not null,
        "top_k" => options.TopK is not null,
        "seed" => options.Seed is not null,
        "stop" => options.StopSequences is { Count: > 0 },
        "frequency_penalty" => options.FrequencyPenalty is not null,
        "presence_penalty" => options.PresencePenalty is not null,
        "tools" or "tool_choice" or "parallel_tool_calls" or "web_search_options" => options.Tools is { Count: > 0 },
        "response_format" => options.ResponseFormat is not null,
        "reasoning_effort" or "thinking" => options.Reasoning?.Effort is not null,
        _ => false,
    };
}
