using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk;

/// <summary>Finds the receipt of a call that was made through Microsoft.Extensions.AI's interfaces.</summary>
public static class LlmReceiptExtensions
{
    /// <summary>Gets what happened to the request of a chat response, and what it cost.</summary>
    /// <param name="response">A response of the SDK's <see cref="IChatClient"/>.</param>
    /// <returns>The receipt; <see langword="null"/> if the response is not the SDK's.</returns>
    public static LlmReceipt? GetReceipt(this ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return Find(response.AdditionalProperties);
    }

    /// <summary>Gets what happened to the request of a stream, and what it cost.</summary>
    /// <param name="update">An update of the SDK's <see cref="IChatClient"/>; the receipt is on the last.</param>
    /// <returns>The receipt; <see langword="null"/> on every other update.</returns>
    public static LlmReceipt? GetReceipt(this ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return Find(update.AdditionalProperties);
    }

    /// <summary>Gets what happened to a request for embeddings, and what it cost.</summary>
    /// <param name="embeddings">The answer of the SDK's <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/>.</param>
    /// <returns>The receipt; <see langword="null"/> if the answer is not the SDK's.</returns>
    public static LlmReceipt? GetReceipt(this GeneratedEmbeddings<Embedding<float>> embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        return Find(embeddings.AdditionalProperties);
    }

    private static LlmReceipt? Find(AdditionalPropertiesDictionary? properties) =>
        properties?.TryGetValue(nameof(LlmReceipt), out object? receipt) is true ? receipt as LlmReceipt : null;
}
