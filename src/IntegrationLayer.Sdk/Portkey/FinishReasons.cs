using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Maps the names that providers give to the reasons for which an answer ends.</summary>
/// <remarks>With strict OpenAI compliance off the gateway passes the provider's own names on.</remarks>
internal static class FinishReasons
{
    public static ChatFinishReason Map(string name) => name switch
    {
        "stop" or "end_turn" or "stop_sequence" or "STOP" or "eos" or "COMPLETE" => ChatFinishReason.Stop,
        "length" or "max_tokens" or "MAX_TOKENS" or "model_length" or "model_context_window_exceeded" => ChatFinishReason.Length,
        "tool_calls" or "tool_use" or "function_call" or "TOOL_CALL" => ChatFinishReason.ToolCalls,
        "content_filter" or "refusal" or "content_filtered" or "guardrail_intervened" or "SAFETY" or "RECITATION" or "BLOCKLIST"
            or "PROHIBITED_CONTENT" or "SPII" or "IMAGE_SAFETY" => ChatFinishReason.ContentFilter,
        _ => new ChatFinishReason(name),
    };

    /// <summary>Says whether the reason is a failure: the gateway turns an error event of Anthropic into <c>overloaded_error</c> and the like.</summary>
    public static bool IsError(string name) => name == "error" || name.EndsWith("_error", StringComparison.Ordinal);
}
