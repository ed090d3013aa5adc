namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Whether an answer is given.</summary>
/// <param name="IsAccepted">Whether it is.</param>
/// <param name="Risk">The probability that it is wrong.</param>
/// <param name="Check">Whether and why the model is to be asked besides.</param>
internal readonly record struct Judgement(bool IsAccepted, double Risk, ShadowCheck Check);
