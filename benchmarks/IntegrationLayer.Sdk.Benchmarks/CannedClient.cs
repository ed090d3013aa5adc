using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Benchmarks;

/// <summary>A gateway that answers at once, always the same. An answer of at most 255 tokens is cut short.</summary>
internal sealed class CannedClient : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "The invoice is due on the thirtieth day."))
        {
            ModelId = "x",
            FinishReason = options?.MaxOutputTokens == 255 ? ChatFinishReason.Length : ChatFinishReason.Stop,
        });

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
