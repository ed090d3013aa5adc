using System.Collections.Concurrent;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>Recognises answers that come from another model than was asked for: that one's price is what the provider charges.</summary>
/// <remarks>What was found is remembered, because an answer names a snapshot (<c>gpt-4o-2024-08-06</c>) more often than not. Bounded: beyond <see cref="MaxNames"/> names it starts afresh.</remarks>
internal sealed class ServedModels(ModelCatalogue catalogue)
{
    /// <summary>How many names are remembered.</summary>
    public const int MaxNames = 4_096;

    private readonly ConcurrentDictionary<(int Deployment, string Served), ModelInfo?> _found = new();

    /// <summary>Finds the model that answered, if it is another than the deployment's.</summary>
    /// <param name="asked">The deployment that was called.</param>
    /// <param name="served">What the answer says.</param>
    /// <returns>
    /// <see langword="null"/> if it is the same one, or the answer's name says nothing: the catalogue doesn't know it (an Azure deployment, a local
    /// model), its price can't be trusted, or the user gave the deployment's price, which then holds whatever answers.
    /// </returns>
    public ModelInfo? OtherThan(Deployment asked, string? served)
    {
        if (served is null || asked.IsPricedByUser || served == asked.ModelId || served == asked.Model.Model)
        {
            return null;
        }

        if (_found.TryGetValue((asked.Index, served), out ModelInfo? known))
        {
            return known;
        }

        if (_found.Count >= MaxNames)
        {
            _found.Clear();
        }

        return _found[(asked.Index, served)] = Find(asked, served);
    }

    private ModelInfo? Find(Deployment asked, string served) =>
        catalogue.Find(asked.Provider, served) is { IsSuspect: false } found
        && found.Prices.IsKnown
        && found.Model != asked.Model.Model
        && found.Model != catalogue.Find(asked.Provider, asked.ModelId)?.Model
            ? found
            : null;
}
