namespace IntegrationLayer.Sdk.Resilience;

/// <summary>A change of state.</summary>
/// <param name="Kind">What it is of.</param>
/// <param name="Name">The deployment's, account's or endpoint's name.</param>
/// <param name="From">The state before.</param>
/// <param name="To">The state after.</param>
/// <param name="Until">When it may be called again, if that is known.</param>
/// <param name="Reason">What caused it.</param>
internal readonly record struct HealthChange(HealthKind Kind, string Name, HealthState From, HealthState To, DateTimeOffset? Until, string? Reason);
