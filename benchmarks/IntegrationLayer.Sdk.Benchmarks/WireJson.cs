using System.Text.Json.Serialization;

namespace IntegrationLayer.Sdk.Benchmarks;

internal sealed record WireAnswer(string Id, string Model, WireChoice[] Choices, WireUsage? Usage);

internal sealed record WireChoice(int Index, WireMessage? Message, WireMessage? Delta, string? FinishReason);

internal sealed record WireMessage(string? Role, string? Content);

internal sealed record WireUsage(int PromptTokens, int CompletionTokens, int TotalTokens);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WireAnswer))]
internal sealed partial class WireJson : JsonSerializerContext;
