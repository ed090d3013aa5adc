namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>A question answered before, near the one that is asked.</summary>
/// <param name="Question">The question.</param>
/// <param name="AnswerId">What its answer has in common with equal ones.</param>
/// <param name="Similarity">The cosine of the angle between the two questions' vectors.</param>
internal readonly record struct Neighbour(Question Question, string AnswerId, float Similarity);
