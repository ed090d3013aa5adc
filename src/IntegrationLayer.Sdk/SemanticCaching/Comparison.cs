namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>How a question stands to one that was answered before.</summary>
/// <param name="Relation">The relation.</param>
/// <param name="Foreign">The stems of the question's words that the other hasn't, for <see cref="Relation.Substituted"/>.</param>
internal readonly record struct Comparison(Relation Relation, ulong[]? Foreign = null);
