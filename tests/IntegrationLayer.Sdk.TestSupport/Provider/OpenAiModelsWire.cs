using System.Text.Json;

namespace IntegrationLayer.Sdk.TestSupport.Provider;

/// <summary>OpenAI's <c>GET /v1/models</c>.</summary>
internal sealed class OpenAiModelsWire : IProviderWire
{
    private readonly OpenAiWire _chat = new();

    public string ErrorEvent => _chat.ErrorEvent;

    public bool IsStream(RecordedRequest request) => false;

    public string Error(ErrorBehavior error) => _chat.Error(error);

    public IEnumerable<string> Events(RecordedRequest request, ProviderAnswer answer) =>
        throw new NotSupportedException("A list of models is not streamed.");

    public string Whole(RecordedRequest request, ProviderAnswer answer) => JsonSerializer.Serialize(new
    {
        @object = "list",
        data = answer.Models.Select(id => new { id, @object = "model", created = 1_700_000_000, owned_by = "test" }),
    });
}
