using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;

namespace IntegrationLayer.Sdk.Configuration;

/// <summary>Makes what requests need of valid options.</summary>
internal sealed class SnapshotBuilder(CatalogueLoader catalogues, ITokenEstimator estimator, HealthRegistry registry, TimeProvider timeProvider)
{
    public ConfigurationSnapshot Build(IntegrationLayerOptions options, ConfigurationSnapshot? previous)
    {
        ModelCatalogue catalogue = catalogues.Load(options.CatalogueFile);
        Deployment[] all = DeploymentFactory.Create(options, catalogue, timeProvider.GetUtcNow());
        DeploymentSet deployments = DeploymentSet.Create(all, options.Aliases, options.RegionGroups);
        var latencies = new LatencyTable(all.Length, timeProvider, options.LoadBalancing);
        if (previous is not null)
        {
            latencies.CopyFrom(previous.Latencies, previous.Deployments, deployments);
        }

        ServedModels served = new(catalogue);
        ModelInfo? reference = options.ReferenceModel is { } name ? ReferenceModels.Find(name, deployments, catalogue) : null;
        HealthTable health = registry.Use(deployments, options.Resilience.Health);
        var candidates = new CandidateIndex(deployments, latencies, health, options, estimator) { Served = served, Reference = reference };
        return new ConfigurationSnapshot(options, deployments, candidates, latencies, health)
        {
            // Mistakes were reported by the validator.
            Budgets = new BudgetPlan(BudgetLimitReader.ReadAll(options.Budgets.Limits, "IntegrationLayer:Budgets:Limits", static _ => { })),
        };
    }
}
