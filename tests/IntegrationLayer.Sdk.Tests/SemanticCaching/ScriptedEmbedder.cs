using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

/// <summary>An embedder that does what a test wants.</summary>
internal sealed class ScriptedEmbedder : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>Makes the vector of a text; all texts have the same by default.</summary>
    public Func<string, CancellationToken, Task<Embedding<float>>> OnText { get; set; } = static (_, _) => Task.FromResult(Of(1, 0, 0));

    public int Calls { get; private set; }

    public static Embedding<float> Of(params float[] vector) => new(vector) { ModelId = "scripted" };

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        Calls++;
        return [await OnText(values.Single(), cancellationToken)];
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
