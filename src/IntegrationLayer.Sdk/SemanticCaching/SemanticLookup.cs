namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>What became of looking a question up.</summary>
/// <param name="Finding">What was found; <see langword="null"/> if there is no vector to search with.</param>
/// <param name="HasFailed">Whether the embedder or the index failed.</param>
internal readonly record struct SemanticLookup(SemanticFinding? Finding, bool HasFailed);
