using System.Globalization;
using System.Text.RegularExpressions;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.CatalogueTool.Building;

/// <summary>Merges the sources into a catalogue.</summary>
internal static partial class CatalogueBuilder
{
    /// <summary>Merges.</summary>
    /// <param name="day">The day of the data.</param>
    /// <param name="sources">The sources, the one to believe first.</param>
    /// <param name="report">Receives one line for each price that was repaired or is suspect.</param>
    public static CatalogueContent Build(DateOnly day, IReadOnlyList<SourceData> sources, Action<string> report)
    {
        List<Offer> all = [.. sources.SelectMany(source => source.Offers)];
        PriceMedians medians = new(all);
        FamilyFacts facts = new(all);
        List<ModelInfo> models = [];
        List<(string Provider, string Alias, ModelInfo Model)> aliases = [];
        ILookup<string?, Offer> rules = all.Where(offer => offer is { Match: not null, Provider: not null }).ToLookup(offer => offer.Provider);
        foreach (IGrouping<ModelKey, Offer> row in all.Where(offer => offer.Provider is not null).GroupBy(offer => new ModelKey(offer.Provider!, offer.Model)))
        {
            Offer[] matching = [.. rules[row.Key.Provider].Where(offer => offer.Match!.Matches(row.Key.Model))];
            ModelInfo model = ToModel(facts.Complete(Merge([.. row], matching, medians, report)), day);
            models.Add(model);
            aliases.AddRange(row.SelectMany(offer => offer.Aliases).Select(alias => (model.Provider, alias, model)));
        }

        ModelInfo[] sorted = [.. models.OrderBy(model => model.Provider, StringComparer.Ordinal).ThenBy(model => model.Model, StringComparer.Ordinal)];
        return new CatalogueContent
        {
            Version = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            Sources = [.. sources.Select(source => source.Source)],
            Models = sorted,
            Aliases = PlaceAliases(sorted, aliases),
        };
    }

    /// <summary>Makes one offer of what the sources say of the same model at the same provider.</summary>
    /// <param name="offers">What they say of it, the source to believe first.</param>
    /// <param name="matching">Offers of the same provider whose rule covers the name.</param>
    /// <param name="medians">What the model costs elsewhere.</param>
    /// <param name="report">Receives a line when the price is off.</param>
    private static Offer Merge(Offer[] offers, Offer[] matching, PriceMedians medians, Action<string> report)
    {
        Offer chosen = offers.FirstOrDefault(offer => offer.Prices.IsKnown) ?? offers[0];
        if (medians.IsOff(chosen, PriceMedians.SuspectFactor))
        {
            Offer? repair = offers.FirstOrDefault(offer => offer.Prices.Input > 0 && !medians.IsOff(offer, PriceMedians.RepairFactor));
            (decimal? input, decimal? output) = medians.Of(chosen.Model);
            report(string.Create(
                CultureInfo.InvariantCulture,
                $"{(repair is null ? "suspect" : "repaired")} {chosen.Provider}/{chosen.Model}: {chosen.Prices.Input}/{chosen.Prices.Output}, median {input}/{output}"));
            chosen = repair ?? chosen with { IsSuspect = true };
        }
        else if (!medians.Knows(chosen) && offers.FirstOrDefault(other => PriceMedians.Contradict(chosen, other)) is { } other)
        {
            report(string.Create(
                CultureInfo.InvariantCulture,
                $"suspect {chosen.Provider}/{chosen.Model}: {chosen.Prices.Input}/{chosen.Prices.Output}, other source {other.Prices.Input}/{other.Prices.Output}"));
            chosen = chosen with { IsSuspect = true };
        }

        Offer merged = chosen;
        foreach (Offer other in offers)
        {
            merged = merged with
            {
                Kind = merged.Kind == ModelKind.Chat ? other.Kind : merged.Kind,
                ContextTokens = merged.ContextTokens ?? other.ContextTokens,
                MaxOutputTokens = merged.MaxOutputTokens ?? other.MaxOutputTokens,
                Capabilities = merged.Capabilities ?? other.Capabilities,
            };
        }

        // Where the base price agrees, the other source's further classes, tiers and dates are of the same price list.
        foreach (Offer other in offers.Concat(matching).Where(other => other.Prices.Input == chosen.Prices.Input && other.Prices.Output == chosen.Prices.Output))
        {
            merged = merged with
            {
                Variants = merged.Variants.Count == 0 ? other.Variants : merged.Variants,
                Prices = PriceMath.Fill(merged.Prices, other.Prices),
            };
        }

        return merged;
    }

    private static ModelInfo ToModel(Offer offer, DateOnly day)
    {
        ModelCapabilities capabilities = offer.Capabilities ?? ModelCapabilities.None;
        capabilities |= offer.Kind == ModelKind.Chat ? CapabilityRules.Of(offer.Provider!, offer.Model) : ModelCapabilities.None;
        capabilities |= offer.Prices.CacheRead is > 0 ? ModelCapabilities.PromptCaching : ModelCapabilities.None;
        capabilities |= offer.Prices.AudioInput is > 0 ? ModelCapabilities.AudioInput : ModelCapabilities.None;
        capabilities |= offer.Prices.AudioOutput is > 0 ? ModelCapabilities.AudioOutput : ModelCapabilities.None;
        return new ModelInfo
        {
            Provider = offer.Provider!,
            Model = offer.Model,
            Kind = offer.Kind,
            Prices = offer.Prices,
            PriceVariants = AllVariants(offer),
            ContextTokens = offer.ContextTokens,
            MaxOutputTokens = offer.MaxOutputTokens,
            Capabilities = capabilities,
            InputModalities = ModalityRules.Input(offer.Kind, offer.Model, capabilities),
            OutputModalities = ModalityRules.Output(offer.Kind, offer.Model, capabilities),
            Released = ReadRelease(offer.Model, day),
            PriceSource = offer.Prices.IsKnown ? offer.Source : null,
            IsSuspect = offer.IsSuspect,
        };
    }

    /// <summary>Adds the service tiers, and the list prices where the variants don't cover every moment of the standard tier.</summary>
    private static PriceVariant[] AllVariants(Offer offer)
    {
        bool isCovered = offer.Variants.Any(variant => variant is { ValidFrom: null, Windows.Count: 0 });
        PriceVariant[] list = isCovered || (offer.Variants.Count == 0 && offer.ServiceTiers.Count == 0) ? [] : [new PriceVariant { Prices = offer.Prices }];
        return
        [
            .. list,
            .. offer.Variants,
            .. offer.ServiceTiers.Select(tier => new PriceVariant { ServiceTier = tier.Key, Prices = PriceMath.Scale(offer.Prices, tier.Value) }),
        ];
    }

    private static DateOnly? ReadRelease(string model, DateOnly day)
    {
        Match match = Date().Match(model);
        return match.Success
            && DateOnly.TryParseExact(match.Value.Replace("-", "", StringComparison.Ordinal), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date)
            && date <= day
            ? date
            : null;
    }

    /// <summary>Keeps the aliases that are no model's own name and that no two models of different price claim.</summary>
    private static List<CatalogueAlias> PlaceAliases(ModelInfo[] models, List<(string Provider, string Alias, ModelInfo Model)> aliases)
    {
        Dictionary<ModelKey, int> own = [];
        for (int i = 0; i < models.Length; i++)
        {
            own.Add(new ModelKey(models[i].Provider, models[i].Model), i);
        }

        List<CatalogueAlias> placed = [];
        foreach (IGrouping<ModelKey, (string Provider, string Alias, ModelInfo Model)> group in aliases.GroupBy(alias => new ModelKey(alias.Provider, alias.Alias)))
        {
            ModelInfo first = group.First().Model;
            if (!own.ContainsKey(group.Key) && group.All(alias => alias.Model.Prices == first.Prices))
            {
                placed.Add(new CatalogueAlias(group.Key.Model, own[new ModelKey(first.Provider, first.Model)]));
            }
        }

        placed.Sort((a, b) => a.Model != b.Model ? a.Model.CompareTo(b.Model) : string.CompareOrdinal(a.Name, b.Name));
        return placed;
    }

    [GeneratedRegex("(?<![0-9])20[0-9]{2}(?:-[01][0-9]-[0-3][0-9]|[01][0-9][0-3][0-9])(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Date();
}
