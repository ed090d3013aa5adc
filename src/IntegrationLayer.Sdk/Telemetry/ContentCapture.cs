using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Compliance.Redaction;

namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>Puts what was asked and answered on spans, for those who opted in: as the conventions write it down, every text redacted.</summary>
internal sealed class ContentCapture(Redactor redactor)
{
    /// <summary>What a span holds of one text at most.</summary>
    private const int LongestText = 16 * 1024;

    /// <summary>Notes what is asked.</summary>
    public void Asked(Activity span, LlmRequest request)
    {
        if (request.Options?.Instructions is { Length: > 0 } instructions)
        {
            Put(span, "gen_ai.system_instructions", json =>
            {
                json.WriteStartArray();
                WriteText(json, instructions);
                json.WriteEndArray();
            });
        }

        Put(span, "gen_ai.input.messages", json => WriteMessages(json, request.Messages, finishReason: null));
    }

    /// <summary>Notes what was answered.</summary>
    public void Answered(CallRecord call, ChatResponse answer)
    {
        if (call.Activity is { IsAllDataRequested: true } span)
        {
            Put(span, "gen_ai.output.messages", json => WriteMessages(json, answer.Messages, answer.FinishReason?.Value ?? "stop"));
        }
    }

    // A redactor that throws, or a result that can't be written as text, is no reason to fail a request: the span says what was thrown.
    private static void Put(Activity span, string name, Action<Utf8JsonWriter> write)
    {
        try
        {
            span.SetTag(name, Write(write));
        }
        catch (Exception e)
        {
            span.SetTag("integration_layer.content.error", e.GetType().FullName);
        }
    }

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private void WriteMessages(Utf8JsonWriter json, IEnumerable<ChatMessage> messages, string? finishReason)
    {
        json.WriteStartArray();
        foreach (ChatMessage message in messages)
        {
            json.WriteStartObject();
            json.WriteString("role", message.Role.Value);
            json.WriteStartArray("parts");
            foreach (AIContent content in message.Contents)
            {
                WritePart(json, content);
            }

            json.WriteEndArray();
            if (finishReason is not null)
            {
                json.WriteString("finish_reason", finishReason);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WritePart(Utf8JsonWriter json, AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                WriteText(json, text.Text);
                break;
            case FunctionCallContent function:
                json.WriteStartObject();
                json.WriteString("type", "tool_call");
                json.WriteString("id", Redact(function.CallId));
                json.WriteString("name", Redact(function.Name));
                json.WriteEndObject();
                break;
            case FunctionResultContent result:
                json.WriteStartObject();
                json.WriteString("type", "tool_call_response");
                json.WriteString("id", Redact(result.CallId));
                json.WriteString("response", Redact(result.Result?.ToString() ?? ""));
                json.WriteEndObject();
                break;
            default:
                // Images, sounds and files are never copied: only that they were there.
                json.WriteStartObject();
                json.WriteString("type", content.GetType().Name);
                json.WriteEndObject();
                break;
        }
    }

    private void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", "text");
        json.WriteString("content", Redact(text));
        json.WriteEndObject();
    }

    // Redacted first: what a pattern would recognise must not be cut in two before.
    private string Redact(string text)
    {
        string redacted = redactor.Redact(text);
        int end = redacted.Length <= LongestText ? redacted.Length : char.IsHighSurrogate(redacted[LongestText - 1]) ? LongestText - 1 : LongestText;
        return redacted[..end];
    }
}
