namespace IntegrationLayer.Sdk.Redis.SemanticCaching;

/// <summary>What the scores of a server mean: Redis gives (1 + cosine) / 2, Garnet the square of the distance.</summary>
internal enum ScoreScale
{
    Similarity,
    SquaredDistance,
}
