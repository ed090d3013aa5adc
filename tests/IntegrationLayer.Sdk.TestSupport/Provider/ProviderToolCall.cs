namespace IntegrationLayer.Sdk.TestSupport.Provider;

/// <summary>A tool call in an answer.</summary>
/// <param name="Id">The call's id, such as <c>call_1</c>.</param>
/// <param name="Name">The function's name.</param>
/// <param name="ArgumentsJson">The arguments as JSON text. A stream sends them in two halves.</param>
public sealed record ProviderToolCall(string Id, string Name, string ArgumentsJson);
