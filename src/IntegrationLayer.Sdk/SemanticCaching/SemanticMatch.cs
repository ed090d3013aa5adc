namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>An entry that was found, and how near it is.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Similarity">The cosine of the angle between its vector and the one searched for, from -1 to 1: neither a distance nor a rescaled score.</param>
public readonly record struct SemanticMatch(SemanticEntry Entry, float Similarity);
