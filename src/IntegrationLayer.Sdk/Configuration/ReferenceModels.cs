using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Configuration;

/// <summary>Finds the model that savings are reckoned against.</summary>
internal static class ReferenceModels
{
    /// <summary>Finds a model by the name of a deployment or its model, or else as <c>provider/model</c> in the catalogue.</summary>
    /// <returns>The model; <see langword="null"/> if none of that name has a known price.</returns>
    public static ModelInfo? Find(string name, DeploymentSet deployments, ModelCatalogue catalogue)
    {
        foreach (int index in deployments.Find(name))
        {
            if (deployments.All[index].Model is { Prices.IsKnown: true } model)
            {
                return model;
            }
        }

        int slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && catalogue.Find(name[..slash], name[(slash + 1)..]) is { Prices.IsKnown: true } listed ? listed : null;
    }
}
