using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;

namespace IntegrationLayer.Sdk.Configuration;

/// <summary>Everything a request needs to know of the configuration. Immutable: a request takes one and keeps it.</summary>
/// <param name="Options">What the user wrote.</param>
/// <param name="Deployments">What requests may be sent to.</param>
/// <param name="Candidates">Which deployments can serve which kind of request.</param>
/// <param name="Latencies">How fast the deployments have lately been.</param>
/// <param name="Health">How well and how busy the deployments are.</param>
internal sealed record ConfigurationSnapshot(
    IntegrationLayerOptions Options, DeploymentSet Deployments, CandidateIndex Candidates, LatencyTable Latencies, HealthTable Health)
{
    /// <summary>Gets the configured budgets.</summary>
    public BudgetPlan Budgets { get; init; } = BudgetPlan.None;
}
