using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>The embedder that was chosen.</summary>
/// <param name="generator">It.</param>
/// <param name="modelId">The model to ask it for; <see langword="null"/> for its own choice.</param>
internal sealed class SemanticEmbedder(IEmbeddingGenerator<string, Embedding<float>> generator, string? modelId)
{
    /// <summary>How similar two questions must be at least for an embedder that nothing is known of.</summary>
    public const double LeastSimilarity = 0.8;

    private const string Operation = "semantic-cache";

    private readonly EmbeddingGeneratorMetadata? _metadata = generator.GetService(typeof(EmbeddingGeneratorMetadata)) as EmbeddingGeneratorMetadata;

    /// <summary>Gets a value indicating whether it is the SDK's own.</summary>
    public bool IsLexical => generator is LexicalEmbeddingGenerator;

    /// <summary>Gets the name of the model, as far as it is known.</summary>
    public string ModelId => modelId ?? _metadata?.DefaultModelId ?? "unnamed";

    /// <summary>Makes a vector, in the name of the tenant who asks: over the SDK's own embedder it is routed, budgeted and recorded like any call.</summary>
    public async Task<Embedding<float>> EmbedAsync(string text, LlmRequestContext scope, CancellationToken cancellationToken)
    {
        var options = new EmbeddingGenerationOptions { ModelId = modelId };
        if (generator is LlmEmbeddingGenerator)
        {
            options.AdditionalProperties = new() { [nameof(LlmRequestContext)] = scope with { Operation = Operation, IdempotencyKey = null } };
        }

        GeneratedEmbeddings<Embedding<float>> embeddings = await generator.GenerateAsync([text], options, cancellationToken).ConfigureAwait(false);
        return embeddings.Count == 1
            ? embeddings[0]
            : throw new SemanticIndexException($"The embedder gave {embeddings.Count} vectors for one text. Give each text one vector.");
    }
}
