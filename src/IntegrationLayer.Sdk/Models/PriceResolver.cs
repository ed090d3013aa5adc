namespace IntegrationLayer.Sdk.Models;

/// <summary>Chooses among the price variants of a model.</summary>
internal static class PriceResolver
{
    /// <summary>Finds the most specific variant: service tier before region before date before time of day.</summary>
    public static ModelPrices Resolve(ModelInfo model, DateTimeOffset at, string? region, string? serviceTier)
    {
        string? tier = IsStandard(serviceTier) ? null : serviceTier;
        PriceVariant? best = null;
        foreach (PriceVariant variant in model.PriceVariants)
        {
            if (Applies(variant, at, region, tier) && (best is null || IsMoreSpecific(variant, best)))
            {
                best = variant;
            }
        }

        // A dearer tier must not be billed at the standard price; a discount tier may be: too high is safe, too low is not.
        return tier is not null && best?.ServiceTier is null && !IsDiscount(tier)
            ? ModelPrices.Unknown
            : best?.Prices ?? model.Prices;
    }

    /// <summary>Finds the standard list prices on a date: the dearest of the day, in no region.</summary>
    public static ModelPrices ListPrices(ModelInfo model, DateTimeOffset at)
    {
        PriceVariant? best = null;
        foreach (PriceVariant variant in model.PriceVariants)
        {
            if (variant.Region is not null || variant.ServiceTier is not null || variant.ValidFrom > at)
            {
                continue;
            }

            int order = best is null ? 1 : Nullable.Compare(variant.ValidFrom, best.ValidFrom);
            if (order > 0 || (order == 0 && variant.Prices.Output + variant.Prices.Input > best!.Prices.Output + best.Prices.Input))
            {
                best = variant;
            }
        }

        return best?.Prices ?? model.Prices;
    }

    /// <summary>Says whether a service tier may cost more than the standard one.</summary>
    public static bool MayBeDearer(string? serviceTier) => !IsStandard(serviceTier) && !IsDiscount(serviceTier!);

    /// <summary>Says whether prices of a variant may apply at a service tier, on whatever day and at whatever hour.</summary>
    public static bool MayApply(PriceVariant variant, string? region, string serviceTier) =>
        string.Equals(variant.ServiceTier, serviceTier, StringComparison.OrdinalIgnoreCase) && (variant.Region is null || Covers(variant.Region, region));

    /// <summary>Says whether a service tier is known to be cheaper, but not at which price: the standard one is then the most that it can cost.</summary>
    public static bool IsDiscountUnknown(ModelInfo model, string? serviceTier) =>
        serviceTier is not null && IsDiscount(serviceTier) && !HasTier(model, serviceTier);

    private static bool HasTier(ModelInfo model, string tier)
    {
        foreach (PriceVariant variant in model.PriceVariants)
        {
            if (string.Equals(variant.ServiceTier, tier, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Applies(PriceVariant variant, DateTimeOffset at, string? region, string? tier) =>
        !(variant.ValidFrom > at)
        && (variant.ServiceTier is null || string.Equals(variant.ServiceTier, tier, StringComparison.OrdinalIgnoreCase))
        && (variant.Region is null || Covers(variant.Region, region))
        && (variant.Windows.Count == 0 || InAny(variant.Windows, at));

    private static bool Covers(string area, string? region) =>
        region is not null
        && region.StartsWith(area, StringComparison.OrdinalIgnoreCase)
        && (region.Length == area.Length || region[area.Length] == '-');

    private static bool InAny(IReadOnlyList<PriceWindow> windows, DateTimeOffset at)
    {
        foreach (PriceWindow window in windows)
        {
            if (window.Contains(at))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsMoreSpecific(PriceVariant variant, PriceVariant best)
    {
        int order = (variant.ServiceTier is not null).CompareTo(best.ServiceTier is not null);
        order = order != 0 ? order : (variant.Region?.Length ?? 0).CompareTo(best.Region?.Length ?? 0);
        order = order != 0 ? order : Nullable.Compare(variant.ValidFrom, best.ValidFrom);
        order = order != 0 ? order : (variant.Windows.Count > 0).CompareTo(best.Windows.Count > 0);
        return order > 0;
    }

    private static bool IsStandard(string? tier) =>
        string.IsNullOrEmpty(tier) || tier.ToUpperInvariant() is "DEFAULT" or "STANDARD" or "AUTO" or "ON_DEMAND" or "STANDARD_ONLY";

    private static bool IsDiscount(string tier) => tier.ToUpperInvariant() is "BATCH" or "FLEX";
}
