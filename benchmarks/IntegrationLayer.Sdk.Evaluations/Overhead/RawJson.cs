using System.Text.Json.Serialization;

namespace IntegrationLayer.Sdk.Evaluations.Overhead;

/// <summary>The least of OpenAI's chat protocol that a program written by hand would declare.</summary>
internal sealed record RawRequest(
    string Model, RawMessage[] Messages, [property: JsonPropertyName("max_completion_tokens")] int MaxTokens, bool? Stream = null, RawStreamOptions? StreamOptions = null);

internal sealed record RawStreamOptions(bool IncludeUsage);

internal sealed record RawMessage(string Role, string Content);

internal sealed record RawAnswer(string Id, string Model, RawChoice[] Choices, RawUsage? Usage);

internal sealed record RawChoice(int Index, RawMessage? Message, RawMessage? Delta, string? FinishReason);

internal sealed record RawUsage(int PromptTokens, int CompletionTokens, int TotalTokens);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RawRequest))]
[JsonSerializable(typeof(RawAnswer))]
internal sealed partial class RawJson : JsonSerializerContext;
