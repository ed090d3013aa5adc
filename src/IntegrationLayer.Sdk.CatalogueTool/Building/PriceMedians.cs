using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.CatalogueTool.Building;

/// <summary>The median price of each model over everyone who sells it, and which prices are too far off it to be true.</summary>
/// <remarks>Sources have errors of units (a thousand, ten, a hundredth). Three sellers are the fewest of which a median says anything.</remarks>
internal sealed class PriceMedians
{
    /// <summary>How many times off the median a price must be to be suspect.</summary>
    public const decimal SuspectFactor = 4;

    /// <summary>How many times off the median another source's price may be to replace a suspect one.</summary>
    public const decimal RepairFactor = 2;

    private const int FewestSellers = 3;
    private readonly Dictionary<string, (decimal? Input, decimal? Output)> _medians = new(StringComparer.Ordinal);

    /// <summary>Computes the medians.</summary>
    /// <param name="offers">Every offer of every source, those of unreachable providers included.</param>
    public PriceMedians(IEnumerable<Offer> offers)
    {
        IEnumerable<Offer> priced = offers.Where(offer => offer.Prices.Input > 0);
        foreach (IGrouping<string, Offer> group in priced.GroupBy(offer => ModelKeys.Of(offer.Model), StringComparer.Ordinal))
        {
            List<Offer> sellers = [.. group.DistinctBy(offer => offer.Seller)];
            if (sellers.Count >= FewestSellers)
            {
                _medians.Add(group.Key, (Median(sellers, offer => offer.Prices.Input), Median(sellers, offer => offer.Prices.Output)));
            }
        }
    }

    /// <summary>Says whether an offer's price is off its model's median by more than a factor. With prices by the hour, whether all of them are.</summary>
    public bool IsOff(Offer offer, decimal factor) =>
        offer.Prices.Input > 0
        && _medians.TryGetValue(ModelKeys.Of(offer.Model), out (decimal? Input, decimal? Output) median)
        && offer.Variants.Select(variant => variant.Prices).Append(offer.Prices).All(prices => IsOff(offer.Kind, prices, median, factor));

    /// <summary>Says whether enough sellers are known to judge an offer.</summary>
    public bool Knows(Offer offer) => _medians.ContainsKey(ModelKeys.Of(offer.Model));

    /// <summary>Says whether two sources' prices of the same offer are so far apart that one must be wrong.</summary>
    public static bool Contradict(Offer one, Offer other) =>
        one.Variants.Count == 0
        && other.Variants.Count == 0
        && IsOff(one.Kind, one.Prices, (other.Prices.Input, other.Prices.Output), SuspectFactor);

    /// <summary>Gets the medians of a model, for reports.</summary>
    public (decimal? Input, decimal? Output) Of(string model) => _medians.GetValueOrDefault(ModelKeys.Of(model));

    /// <summary>Compares both prices of chat models and the input price of the others, whose output sources count in different units.</summary>
    private static bool IsOff(ModelKind kind, ModelPrices prices, (decimal? Input, decimal? Output) median, decimal factor) =>
        IsOff(prices.Input, median.Input, factor) || (kind == ModelKind.Chat && IsOff(prices.Output, median.Output, factor));

    private static bool IsOff(decimal? price, decimal? median, decimal factor) =>
        price > 0 && median > 0 && (price > median * factor || price * factor < median);

    private static decimal? Median(List<Offer> offers, Func<Offer, decimal?> price)
    {
        decimal[] sorted = [.. offers.Select(price).Where(value => value > 0).Select(value => value!.Value).Order()];
        return sorted.Length < FewestSellers ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
