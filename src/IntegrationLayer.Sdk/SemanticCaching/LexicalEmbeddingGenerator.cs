using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>
/// Makes vectors of texts inside the process: no network, no model to download, the same everywhere and always, in a few microseconds.
/// </summary>
/// <remarks>
/// It compares words and letters, not meanings: "money back" and "refund" are strangers to it, "refund" and "refunds" are not. It is good at
/// what repeats in traffic (the same question in other words, mostly of the same words) and needs no trust in a vendor; a language model's
/// embeddings know more. Vectors have 256 dimensions and the length 1. Safe for concurrent use.
/// </remarks>
public sealed class LexicalEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>Gets the name under which the vectors are known; it changes when they do.</summary>
    public static string ModelId => "lexical-256-1";

    private static readonly EmbeddingGeneratorMetadata Metadata = new("integration-layer", null, ModelId, LexicalVector.Dimensions);

    /// <inheritdoc/>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (options?.Dimensions is { } dimensions and not LexicalVector.Dimensions)
        {
            throw new ArgumentException($"Lexical embeddings have {LexicalVector.Dimensions} dimensions, not {dimensions}.", nameof(options));
        }

        return Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(static text => new Embedding<float>(Embed(text)) { ModelId = ModelId })));
    }

    /// <summary>Makes the vector of one text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>256 numbers, the sum of whose squares is 1; all zero for a text without words.</returns>
    public static ReadOnlyMemory<float> Embed(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        float[] vector = new float[LexicalVector.Dimensions];
        LexicalVector.Fill(QuestionReader.Read(text), vector);
        return vector;
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? Metadata
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    void IDisposable.Dispose()
    {
        // It holds nothing.
    }
}
