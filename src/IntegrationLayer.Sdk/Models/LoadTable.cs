namespace IntegrationLayer.Sdk.Models;

/// <summary>How busy the deployments of one configuration are.</summary>
/// <param name="loads">By <see cref="Deployment.Index"/>.</param>
internal abstract class LoadTable(DeploymentLoad[] loads)
{
    /// <summary>Gets how busy each deployment is, by <see cref="Deployment.Index"/>.</summary>
    public ReadOnlySpan<DeploymentLoad> Loads => loads;
}
