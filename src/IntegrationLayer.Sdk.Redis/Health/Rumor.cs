using IntegrationLayer.Sdk.Resilience;

namespace IntegrationLayer.Sdk.Redis.Health;

/// <summary>What one process tells the others: that something is ill, and for how long it expects that to last.</summary>
/// <param name="Sender">The process.</param>
/// <param name="SentAt">When, by its clock.</param>
/// <param name="Kind">What is ill.</param>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="Subject">What stands behind the name there, digested: another process may use the name for something else.</param>
/// <param name="State">Open, cooling or benched.</param>
/// <param name="Rest">How long it lasts from then on.</param>
internal sealed record Rumor(string Sender, DateTimeOffset SentAt, HealthKind Kind, string Name, string Subject, HealthState State, TimeSpan Rest);
