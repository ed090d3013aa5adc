using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Configuration;

/// <summary>Makes what requests need of valid options.</summary>
internal sealed class SnapshotBuilder(CatalogueLoader catalogues, ITokenEstimator estimator, TimeProvider timeProvider)
{
    public ConfigurationSnapshot Build(IntegrationLayerOptions options, ConfigurationSnapshot? previous)
    {
        Deployment[] all = DeploymentFactory.Create(options, catalogues.Load(options.CatalogueFile), timeProvider.GetUtcNow());
        DeploymentSet deployments = DeploymentSet.Create(all, options.Aliases, options.RegionGroups);
        var latencies = new LatencyTable(all.Length, timeProvider);
        if (previous is not null)
        {
            latencies.CopyFrom(previous.Latencies, previous.Deployments, deployments);
        }

        return new ConfigurationSnapshot(options, deployments, new CandidateIndex(deployments, latencies, options, estimator), latencies);
    }
}
