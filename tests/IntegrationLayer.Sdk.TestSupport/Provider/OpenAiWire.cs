using System.Text.Json;

namespace IntegrationLayer.Sdk.TestSupport.Provider;

/// <summary>OpenAI's <c>POST /v1/chat/completions</c>, and the error body that all of its endpoints share.</summary>
internal sealed class OpenAiWire : IProviderWire
{
    private const string Id = "chatcmpl-test";
    private const long Created = 1_700_000_000;

    public string ErrorEvent => "data: " + ErrorBody("The server had an error while processing your request", "server_error", null);

    public static string ErrorBody(string message, string type, string? code) =>
        JsonSerializer.Serialize(new { error = new { message, type, param = (string?)null, code } });

    public bool IsStream(RecordedRequest request) => request.IsStream;

    public string Error(ErrorBehavior error) => ErrorBody(
        error.Message,
        error.Type ?? (error.Status == 429 ? "requests" : error.Status < 500 ? "invalid_request_error" : "server_error"),
        error.Code ?? (error.Status == 429 ? "rate_limit_exceeded" : null));

    public string Whole(RecordedRequest request, ProviderAnswer answer) => JsonSerializer.Serialize(new
    {
        id = Id,
        @object = "chat.completion",
        created = Created,
        model = request.Model,
        choices = new[]
        {
            new
            {
                index = 0,
                message = new
                {
                    role = "assistant",
                    content = answer.Chunks.Count > 0 ? answer.Text : null,
                    refusal = (string?)null,
                    tool_calls = answer.ToolCalls.Count > 0 ? answer.ToolCalls.Select(ToolCall) : null,
                },
                logprobs = (object?)null,
                finish_reason = answer.EffectiveFinishReason,
            },
        },
        usage = Usage(answer.Usage),
        system_fingerprint = "fp_test",
    });

    public IEnumerable<string> Events(RecordedRequest request, ProviderAnswer answer)
    {
        yield return Delta(request, new { role = "assistant", content = "" });
        foreach (string chunk in answer.Chunks)
        {
            yield return Delta(request, new { content = chunk });
        }

        for (int index = 0; index < answer.ToolCalls.Count; index++)
        {
            ProviderToolCall call = answer.ToolCalls[index];
            int half = call.ArgumentsJson.Length / 2;
            yield return Delta(request, new
            {
                tool_calls = new[] { new { index, id = call.Id, type = "function", function = new { name = call.Name, arguments = "" } } },
            });
            yield return Arguments(request, index, call.ArgumentsJson[..half]);
            yield return Arguments(request, index, call.ArgumentsJson[half..]);
        }

        yield return Delta(request, new { }, answer.EffectiveFinishReason);
        if (WantsUsage(request) && answer.Usage is not null)
        {
            yield return Chunk(request, Array.Empty<object>(), Usage(answer.Usage));
        }

        yield return "data: [DONE]";
    }

    private static bool WantsUsage(RecordedRequest request) =>
        request.Property("stream_options") is { ValueKind: JsonValueKind.Object } options
        && options.TryGetProperty("include_usage", out JsonElement wanted)
        && wanted.ValueKind == JsonValueKind.True;

    private static object ToolCall(ProviderToolCall call) =>
        new { id = call.Id, type = "function", function = new { name = call.Name, arguments = call.ArgumentsJson } };

    private static string Arguments(RecordedRequest request, int index, string arguments) =>
        Delta(request, new { tool_calls = new[] { new { index, function = new { arguments } } } });

    private static string Delta(RecordedRequest request, object delta, string? finishReason = null) =>
        Chunk(request, new[] { new { index = 0, delta, logprobs = (object?)null, finish_reason = finishReason } }, null);

    private static string Chunk(RecordedRequest request, object choices, object? usage) => "data: " + JsonSerializer.Serialize(new
    {
        id = Id,
        @object = "chat.completion.chunk",
        created = Created,
        model = request.Model,
        system_fingerprint = "fp_test",
        choices,
        usage,
    });

    private static object? Usage(ProviderUsage? usage) => usage is null ? null : new
    {
        prompt_tokens = usage.AllInputTokens,
        completion_tokens = usage.OutputTokens,
        total_tokens = usage.AllInputTokens + usage.OutputTokens,
        prompt_tokens_details = new { cached_tokens = usage.CacheReadTokens, audio_tokens = 0 },
        completion_tokens_details = new { reasoning_tokens = usage.ReasoningTokens, audio_tokens = 0 },
    };
}
