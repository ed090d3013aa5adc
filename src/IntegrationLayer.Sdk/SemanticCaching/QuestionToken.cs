namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>A word as it was found in a text.</summary>
/// <param name="Text">The word in small letters.</param>
/// <param name="IsCapital">Whether it began with a capital inside a sentence.</param>
/// <param name="IsLiteral">Whether it was in quotation marks or code.</param>
internal readonly record struct QuestionToken(string Text, bool IsCapital, bool IsLiteral);
