namespace IntegrationLayer.Sdk.TestSupport.Provider;

/// <summary>Which wire format an endpoint speaks.</summary>
internal static class ProviderWires
{
    private static readonly OpenAiWire OpenAi = new();
    private static readonly OpenAiEmbeddingWire Embeddings = new();
    private static readonly OpenAiModelsWire Models = new();
    private static readonly AnthropicWire Anthropic = new();
    private static readonly GoogleWire Google = new();

    /// <summary>The endpoint's wire, or null if there is no such endpoint.</summary>
    public static IProviderWire? For(RecordedRequest request) => (request.Method, request.Endpoint) switch
    {
        ("POST", "/v1/chat/completions") => OpenAi,
        ("POST", "/v1/embeddings") => Embeddings,
        ("GET", "/v1/models") => Models,
        ("POST", "/v1/messages") => Anthropic,
        ("POST", string endpoint) when endpoint.StartsWith("/v1beta/models/", StringComparison.Ordinal) => Google,
        _ => null,
    };
}
