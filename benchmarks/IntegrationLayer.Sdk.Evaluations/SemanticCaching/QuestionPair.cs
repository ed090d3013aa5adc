namespace IntegrationLayer.Sdk.Evaluations.SemanticCaching;

/// <summary>Two questions, and whether they ask the same.</summary>
internal sealed record QuestionPair(string Kind, string First, string Second, bool IsSame);
