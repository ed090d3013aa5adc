using System.Text.Json;

namespace IntegrationLayer.Sdk.TestSupport.Provider;

/// <summary>Anthropic's <c>POST /v1/messages</c>.</summary>
internal sealed class AnthropicWire : IProviderWire
{
    private const string Id = "msg_test";

    public string ErrorEvent =>
        Event("error", new { type = "error", error = new { type = "overloaded_error", message = "Overloaded" } });

    public bool IsStream(RecordedRequest request) => request.IsStream;

    public string Error(ErrorBehavior error) => JsonSerializer.Serialize(new
    {
        type = "error",
        error = new { type = error.Type ?? ErrorType(error.Status), message = error.Message },
    });

    public string Whole(RecordedRequest request, ProviderAnswer answer)
    {
        IEnumerable<object> text = answer.Chunks.Count > 0 ? [new { type = "text", text = answer.Text }] : [];
        IEnumerable<object> tools = answer.ToolCalls.Select(call =>
            new { type = "tool_use", id = call.Id, name = call.Name, input = JsonElement.Parse(call.ArgumentsJson) });
        return JsonSerializer.Serialize(Message(
            request,
            text.Concat(tools),
            StopReason(answer),
            Usage(answer.Usage, answer.Usage?.OutputTokens ?? 0)));
    }

    public IEnumerable<string> Events(RecordedRequest request, ProviderAnswer answer)
    {
        // The first event can't know the output yet; Anthropic sends a small number there.
        yield return Event("message_start", new
        {
            type = "message_start",
            message = Message(request, [], null, Usage(answer.Usage, 1)),
        });
        yield return Event("ping", new { type = "ping" });

        int index = 0;
        if (answer.Chunks.Count > 0)
        {
            yield return BlockStart(index, new { type = "text", text = "" });
            foreach (string chunk in answer.Chunks)
            {
                yield return BlockDelta(index, new { type = "text_delta", text = chunk });
            }

            yield return BlockStop(index++);
        }

        foreach (ProviderToolCall call in answer.ToolCalls)
        {
            int half = call.ArgumentsJson.Length / 2;
            yield return BlockStart(index, new { type = "tool_use", id = call.Id, name = call.Name, input = new { } });
            yield return BlockDelta(index, new { type = "input_json_delta", partial_json = call.ArgumentsJson[..half] });
            yield return BlockDelta(index, new { type = "input_json_delta", partial_json = call.ArgumentsJson[half..] });
            yield return BlockStop(index++);
        }

        yield return Event("message_delta", new
        {
            type = "message_delta",
            delta = new { stop_reason = StopReason(answer), stop_sequence = (string?)null },
            usage = new { output_tokens = answer.Usage?.OutputTokens ?? 0 },
        });
        yield return Event("message_stop", new { type = "message_stop" });
    }

    private static object Message(RecordedRequest request, IEnumerable<object> content, string? stopReason, object usage) => new
    {
        id = Id,
        type = "message",
        role = "assistant",
        model = request.Model,
        content,
        stop_reason = stopReason,
        stop_sequence = (string?)null,
        usage,
    };

    private static string StopReason(ProviderAnswer answer) => answer.EffectiveFinishReason switch
    {
        "stop" => "end_turn",
        "length" => "max_tokens",
        "tool_calls" => "tool_use",
        "content_filter" => "refusal",
        string other => other,
    };

    private static string ErrorType(int status) => status switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        429 => "rate_limit_error",
        529 => "overloaded_error",
        < 500 => "invalid_request_error",
        _ => "api_error",
    };

    // Anthropic always reports usage; an answer without any counts nothing.
    private static object Usage(ProviderUsage? usage, int outputTokens) => new
    {
        input_tokens = usage?.InputTokens ?? 0,
        cache_creation_input_tokens = usage?.CacheWriteTokens ?? 0,
        cache_read_input_tokens = usage?.CacheReadTokens ?? 0,
        output_tokens = outputTokens,
    };

    private static string BlockStart(int index, object block) =>
        Event("content_block_start", new { type = "content_block_start", index, content_block = block });

    private static string BlockDelta(int index, object delta) =>
        Event("content_block_delta", new { type = "content_block_delta", index, delta });

    private static string BlockStop(int index) => Event("content_block_stop", new { type = "content_block_stop", index });

    private static string Event(string name, object data) => $"event: {name}\ndata: {JsonSerializer.Serialize(data)}";
}
