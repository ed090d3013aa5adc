namespace IntegrationLayer.Sdk.TestSupport.Provider;

/// <summary>What the model says, whatever the wire format.</summary>
public sealed record ProviderAnswer
{
    /// <summary>The text: one event each in a stream, joined in a whole answer.</summary>
    public IReadOnlyList<string> Chunks { get; init; } = ["Hello", " there"];

    /// <summary>Tool calls after the text; none by default.</summary>
    public IReadOnlyList<ProviderToolCall> ToolCalls { get; init; } = [];

    /// <summary>Consumption; 11 in and 2 out by default. Null: the provider reports none.</summary>
    public ProviderUsage? Usage { get; init; } = new(11, 2);

    /// <summary>
    /// Why the answer ended, in OpenAI's words: <c>stop</c>, <c>length</c>, <c>tool_calls</c>, <c>content_filter</c>.
    /// By default <c>tool_calls</c> if there are any, else <c>stop</c>.
    /// </summary>
    public string? FinishReason { get; init; }

    /// <summary>Length of an embedding when the request names none; 8 by default.</summary>
    public int Dimensions { get; init; } = 8;

    /// <summary>What <c>GET /v1/models</c> lists.</summary>
    public IReadOnlyList<string> Models { get; init; } = ["gpt-4o-mini"];

    /// <summary>The whole text.</summary>
    public string Text => string.Concat(Chunks);

    /// <summary><see cref="FinishReason"/> or its default.</summary>
    internal string EffectiveFinishReason => FinishReason ?? (ToolCalls.Count > 0 ? "tool_calls" : "stop");
}
