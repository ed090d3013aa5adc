namespace IntegrationLayer.Sdk.Costing;

/// <summary>Disjoint token counts, and whether the provider's numbers made sense.</summary>
/// <param name="Tokens">The counts.</param>
/// <param name="Basis"><see cref="PriceStatus.Exact"/>, or <see cref="PriceStatus.Estimated"/> when a number had to be corrected or guessed.</param>
internal readonly record struct NormalizedUsage(TokenUsage Tokens, PriceStatus Basis);
