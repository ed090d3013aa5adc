using System.Collections.ObjectModel;

namespace IntegrationLayer.Sdk.Models;

/// <summary>The models of one provider.</summary>
internal sealed class ProviderModels
{
    /// <summary>Collects them.</summary>
    /// <param name="models">The models, ordered by name.</param>
    public ProviderModels(ArraySegment<ModelInfo> models)
    {
        All = new ReadOnlyCollection<ModelInfo>(models);
        ByName = new Dictionary<string, ModelInfo>(models.Count, StringComparer.OrdinalIgnoreCase);
        foreach (ModelInfo model in models)
        {
            ByName.TryAdd(model.Model, model);
        }
    }

    /// <summary>Gets the models, ordered by name.</summary>
    public IReadOnlyList<ModelInfo> All { get; }

    /// <summary>Gets the models by their names, and by the further names that the sources give them.</summary>
    public Dictionary<string, ModelInfo> ByName { get; }
}
