using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk;

/// <summary>An <see cref="ILlmClient"/> in the shape of an <see cref="IChatClient"/>.</summary>
internal sealed class LlmChatClient(ILlmClient client, Func<LlmRequest, LlmRequest> configure) : IChatClient
{
    private readonly ChatClientMetadata _metadata = new("integration_layer");

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        LlmResponse response = await client.GetResponseAsync(RequestOf(messages, options), cancellationToken).ConfigureAwait(false);
        (response.Content.AdditionalProperties ??= [])[nameof(LlmReceipt)] = response.Receipt;
        return response.Content;
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (LlmResponseUpdate update in client.GetStreamingResponseAsync(RequestOf(messages, options), cancellationToken).ConfigureAwait(false))
        {
            if (update.Receipt is { } receipt)
            {
                (update.Content.AdditionalProperties ??= [])[nameof(LlmReceipt)] = receipt;
            }

            yield return update.Content;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(client) ? client
            : serviceType.IsInstanceOfType(_metadata) ? _metadata
            : null;
    }

    public void Dispose()
    {
        // The client belongs to whoever made it.
    }

    private LlmRequest RequestOf(IEnumerable<ChatMessage> messages, ChatOptions? options) => configure(new LlmRequest(messages) { Options = options });
}
