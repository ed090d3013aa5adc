using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.CatalogueTool.Building;

/// <summary>Context, longest answer and capabilities of a model as other providers of it state them, for rows whose own source doesn't.</summary>
internal sealed class FamilyFacts
{
    private const ModelCapabilities OfTheModel = ModelCapabilities.Tools | ModelCapabilities.Vision | ModelCapabilities.Reasoning;
    private readonly ILookup<string, Offer> _byKey;

    /// <summary>Collects the facts.</summary>
    /// <param name="offers">Every offer of every source.</param>
    public FamilyFacts(IEnumerable<Offer> offers)
    {
        _byKey = offers.Where(offer => offer.Capabilities is not null).ToLookup(offer => ModelKeys.Of(offer.Model), StringComparer.Ordinal);
    }

    /// <summary>Completes an offer.</summary>
    public Offer Complete(Offer offer)
    {
        Offer[] family = [.. _byKey[ModelKeys.Of(offer.Model)]];
        return family.Length == 0
            ? offer
            : offer with
            {
                ContextTokens = offer.ContextTokens ?? MostStated(family, member => member.ContextTokens),
                MaxOutputTokens = offer.MaxOutputTokens ?? MostStated(family, member => member.MaxOutputTokens),
                Capabilities = offer.Capabilities ?? StatedByMost(family),
            };
    }

    private static int? MostStated(Offer[] family, Func<Offer, int?> fact) =>
        family.Select(fact).Where(value => value is not null).GroupBy(value => value)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key).FirstOrDefault()?.Key;

    private static ModelCapabilities StatedByMost(Offer[] family)
    {
        ModelCapabilities capabilities = ModelCapabilities.None;
        foreach (ModelCapabilities capability in Enum.GetValues<ModelCapabilities>())
        {
            if ((capability & OfTheModel) != 0 && family.Count(member => member.Capabilities!.Value.HasFlag(capability)) * 2 > family.Length)
            {
                capabilities |= capability;
            }
        }

        return capabilities;
    }
}
