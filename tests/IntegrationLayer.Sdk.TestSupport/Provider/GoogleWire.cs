using System.Text.Json;

namespace IntegrationLayer.Sdk.TestSupport.Provider;

/// <summary>Google's <c>POST /v1beta/models/{model}:generateContent</c> and <c>:streamGenerateContent</c>.</summary>
internal sealed class GoogleWire : IProviderWire
{
    public string ErrorEvent => "data: " + Error(new ErrorBehavior(503, "The model is overloaded."));

    // The gateway splits Google's stream at these; with bare line feeds it finds no event.
    public string NewLine => "\r\n";

    public bool IsStream(RecordedRequest request) => request.Endpoint.EndsWith(":streamGenerateContent", StringComparison.Ordinal);

    public string Error(ErrorBehavior error) => JsonSerializer.Serialize(new
    {
        error = new { code = error.Status, message = error.Message, status = error.Type ?? ErrorStatus(error.Status) },
    });

    public string Whole(RecordedRequest request, ProviderAnswer answer)
    {
        IEnumerable<object> text = answer.Chunks.Count > 0 ? [Text(answer.Text)] : [];
        return JsonSerializer.Serialize(Response(request, answer, text.Concat(ToolCalls(answer)), isLast: true));
    }

    public IEnumerable<string> Events(RecordedRequest request, ProviderAnswer answer)
    {
        List<object> parts = [.. answer.Chunks.Select(Text), .. ToolCalls(answer)];
        for (int i = 0; i < parts.Count; i++)
        {
            yield return "data: " + JsonSerializer.Serialize(Response(request, answer, [parts[i]], isLast: i == parts.Count - 1));
        }
    }

    private static object Text(string text) => new { text };

    private static IEnumerable<object> ToolCalls(ProviderAnswer answer) => answer.ToolCalls.Select(call =>
        new { functionCall = new { name = call.Name, args = JsonElement.Parse(call.ArgumentsJson) } });

    private static object Response(RecordedRequest request, ProviderAnswer answer, IEnumerable<object> parts, bool isLast) => new
    {
        candidates = new[]
        {
            new { content = new { parts, role = "model" }, finishReason = isLast ? FinishReason(answer) : null, index = 0 },
        },
        usageMetadata = Usage(answer.Usage),
        modelVersion = request.Endpoint.Split('/')[^1].Split(':')[0],
    };

    private static string FinishReason(ProviderAnswer answer) => answer.EffectiveFinishReason switch
    {
        "stop" or "tool_calls" => "STOP",
        "length" => "MAX_TOKENS",
        "content_filter" => "SAFETY",
        string other => other,
    };

    private static string ErrorStatus(int status) => status switch
    {
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        429 => "RESOURCE_EXHAUSTED",
        503 => "UNAVAILABLE",
        < 500 => "INVALID_ARGUMENT",
        _ => "INTERNAL",
    };

    private static object? Usage(ProviderUsage? usage) => usage is null ? null : new
    {
        promptTokenCount = usage.AllInputTokens,
        cachedContentTokenCount = usage.CacheReadTokens,
        candidatesTokenCount = usage.OutputTokens - usage.ReasoningTokens,
        thoughtsTokenCount = usage.ReasoningTokens,
        totalTokenCount = usage.AllInputTokens + usage.OutputTokens,
    };
}
