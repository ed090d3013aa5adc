namespace IntegrationLayer.Sdk.Models;

/// <summary>Finds a model whose name has a decoration that doesn't change what it costs.</summary>
/// <remarks>
/// Every rule removes or adds one decoration and keeps the rest to the letter; variants that cost something else
/// (<c>:free</c>, <c>:nitro</c>, <c>-mini</c>, fine-tunes …) are never removed.
/// </remarks>
internal static class ModelLookup
{
    /// <summary>Tries the names that mean the same model, the closest first.</summary>
    public static ModelInfo? Find(ModelCatalogue catalogue, string provider, string model)
    {
        string slug = ProviderNames.Canonical(provider.Trim());
        List<string> names = [model.Trim()];
        ModelNames.AddUndecorated(slug, names);
        foreach (string name in names)
        {
            if (catalogue.TryGet(slug, name, out ModelInfo? found) && !LacksTiers(found, model))
            {
                return found;
            }
        }

        // A date that the catalogue doesn't know may have any price: only a name without one stands for its snapshots.
        foreach (string name in ModelNames.HasDate(model) ? [] : names)
        {
            if (FindSnapshot(catalogue, slug, name) is { } found && !LacksTiers(found, model))
            {
                return found;
            }
        }

        // Azure sells OpenAI's models at OpenAI's list prices.
        return string.Equals(slug, "azure-openai", StringComparison.OrdinalIgnoreCase) && catalogue.Find("openai", model) is { } sold
            ? sold with { Provider = "azure-openai" }
            : null;
    }

    /// <summary>Finds the newest of a name's dated snapshots, provided that all of them cost the same.</summary>
    private static ModelInfo? FindSnapshot(ModelCatalogue catalogue, string provider, string name)
    {
        ModelInfo? newest = null;
        foreach (ModelInfo candidate in catalogue.OfProvider(provider))
        {
            if (!ModelNames.IsSnapshotOf(candidate.Model, name))
            {
                continue;
            }

            if (newest is not null && (newest.Prices.Input != candidate.Prices.Input || newest.Prices.Output != candidate.Prices.Output))
            {
                return null;
            }

            newest = candidate;
        }

        return newest;
    }

    /// <summary>Says whether a name states a long context for which the model found has no price.</summary>
    private static bool LacksTiers(ModelInfo found, string model) =>
        model.Contains("-gt-", StringComparison.OrdinalIgnoreCase)
        && !found.Model.Contains("-gt-", StringComparison.OrdinalIgnoreCase)
        && found.Prices.Tiers.Count == 0;
}
