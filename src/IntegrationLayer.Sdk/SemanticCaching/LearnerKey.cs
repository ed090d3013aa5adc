namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Names what is learned together.</summary>
/// <param name="Scope">The kind of partition.</param>
/// <param name="TenantId">The tenant, if the partition is one's.</param>
/// <param name="UserId">The user, if the partition is one's.</param>
internal readonly record struct LearnerKey(int Scope, string? TenantId, string? UserId);
