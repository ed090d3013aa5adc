using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Configuration;

/// <summary>Makes what requests need of valid options.</summary>
internal sealed class SnapshotBuilder(CatalogueLoader catalogues, ITokenEstimator estimator, TimeProvider timeProvider)
{
    public ConfigurationSnapshot Build(IntegrationLayerOptions options, ConfigurationSnapshot? previous)
    {
        ModelCatalogue catalogue = catalogues.Load(options.CatalogueFile);
        Deployment[] all = DeploymentFactory.Create(options, catalogue, timeProvider.GetUtcNow());
        DeploymentSet deployments = DeploymentSet.Create(all, options.Aliases, options.RegionGroups);
        var latencies = new LatencyTable(all.Length, timeProvider);
        if (previous is not null)
        {
            latencies.CopyFrom(previous.Latencies, previous.Deployments, deployments);
        }

        var candidates = new CandidateIndex(deployments, latencies, options, estimator)
        {
            Served = new ServedModels(catalogue),
            Reference = options.ReferenceModel is { } reference ? ReferenceModels.Find(reference, deployments, catalogue) : null,
        };
        return new ConfigurationSnapshot(options, deployments, candidates, latencies);
    }
}
