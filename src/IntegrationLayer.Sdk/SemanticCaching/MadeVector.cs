namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>A vector, or why there is none.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Vector">The vector; its length is 1.</param>
/// <param name="Space">What vectors have in common that can be compared: the model and the number of dimensions.</param>
internal readonly record struct MadeVector(EmbedderOutcome Outcome, ReadOnlyMemory<float> Vector, string Space)
{
    public static MadeVector Of(EmbedderOutcome outcome) => new(outcome, default, "");
}
