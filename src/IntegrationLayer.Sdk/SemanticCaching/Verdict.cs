namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>What the neighbours of a question say.</summary>
/// <param name="Winner">The place, among the neighbours, of the one whose answer it would be.</param>
/// <param name="IsIdentical">Whether that one is the same question word for word, courtesies and misspellings apart, so that there is nothing to weigh.</param>
/// <param name="Features">What speaks for and against it, by <see cref="Feature"/>; <see langword="null"/> if there is nothing to weigh.</param>
internal readonly record struct Verdict(int Winner, bool IsIdentical, double[]? Features);
