namespace IntegrationLayer.Sdk.Redis.SemanticCaching;

/// <summary>An entry as it lies in Redis.</summary>
/// <param name="Text">What only this installation can read.</param>
/// <param name="ExpiresAt">When it is to be forgotten.</param>
/// <param name="Lifetime">How long that is from now.</param>
internal sealed record SealedEntry(byte[] Text, DateTimeOffset ExpiresAt, TimeSpan Lifetime);
