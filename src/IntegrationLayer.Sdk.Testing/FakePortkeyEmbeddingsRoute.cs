using IntegrationLayer.Sdk.Testing.Scripting;

namespace IntegrationLayer.Sdk.Testing;

/// <summary>A route for embedding requests.</summary>
public sealed class FakePortkeyEmbeddingsRoute : FakePortkeyRoute<FakePortkeyEmbeddingsRoute>
{
    internal FakePortkeyEmbeddingsRoute(RouteScript<FakePortkeyRequest, FakePortkeyAnswer> script, bool hasClock)
        : base(script, hasClock)
    {
    }

    /// <summary>Replies with vectors computed from the texts, of 8 components unless the request asks for more: equal texts get equal vectors.</summary>
    /// <returns>The route.</returns>
    public FakePortkeyEmbeddingsRoute Reply() => Answer(FakePortkeyEmbeddings.Hashed());

    /// <summary>Replies with vectors computed from the texts: equal texts get equal vectors.</summary>
    /// <param name="dimensions">The number of components, 1 to 16,384; the request's <c>dimensions</c> goes first.</param>
    /// <returns>The route.</returns>
    public FakePortkeyEmbeddingsRoute Reply(int dimensions) => Answer(FakePortkeyEmbeddings.Hashed(dimensions));

    /// <summary>Replies with vectors that a function finds.</summary>
    /// <param name="vector">Gives the vector of a text; may be called concurrently.</param>
    /// <returns>The route.</returns>
    public FakePortkeyEmbeddingsRoute Reply(Func<string, ReadOnlyMemory<float>> vector) => Answer(FakePortkeyEmbeddings.Of(vector));

    /// <summary>Replies as composed.</summary>
    /// <param name="embeddings">The reply.</param>
    /// <returns>The route.</returns>
    public FakePortkeyEmbeddingsRoute Reply(FakePortkeyEmbeddings embeddings) => Answer(embeddings);
}
