using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>Prices finished calls: by the model that answered, at the prices of the moment, the deployment's region and the service tier.</summary>
/// <param name="Cost">What the call cost.</param>
/// <param name="Prices">The prices that it was reckoned with.</param>
internal readonly record struct SettlementPrice(LlmCost Cost, ModelPrices Prices)
{
    /// <summary>Prices a call.</summary>
    /// <param name="target">Who was called.</param>
    /// <param name="served">Which model answered, if it was another one.</param>
    /// <param name="usage">What the provider counted.</param>
    /// <param name="at">When.</param>
    /// <param name="serviceTier">The service tier that the answer names, if any.</param>
    public static SettlementPrice Of(in RankedDeployment target, ModelInfo? served, in NormalizedUsage usage, DateTimeOffset at, string? serviceTier)
    {
        Deployment deployment = target.Deployment;
        PriceStatus basis = usage.Basis;
        ModelPrices prices = target.Prices;
        if (served is null && !target.HasOwnPrices)
        {
            basis = PriceStatus.UpperBound;
        }
        else if (!deployment.IsPricedByUser)
        {
            ModelInfo model = served ?? deployment.Model;
            string? region = deployment.Regions.Count > 0 ? deployment.Regions[0] : null;
            prices = served is null && serviceTier is null && model.PriceVariants.Count == 0 ? prices : model.PricesAt(at, region, serviceTier);
            basis = basis < PriceStatus.UpperBound && PriceResolver.IsDiscountUnknown(model, serviceTier) ? PriceStatus.UpperBound : basis;
        }

        if (usage.Tokens.WebSearches > 0 && prices.PerSearch is null)
        {
            prices = prices with { PerSearch = SearchPrices.Of(deployment.Provider) };
        }

        return new(CostCalculator.Calculate(prices, usage.Tokens, basis), prices);
    }

    /// <summary>Gets what the request saved against the same tokens, uncached, at the reference's prices.</summary>
    /// <param name="reference">The reference's prices; <see langword="null"/> if there is nothing to compare with, which makes routing's part what failed calls cost.</param>
    /// <param name="counted">What the provider counted.</param>
    /// <param name="spent">What the request cost, calls that failed before this one included.</param>
    /// <returns>The parts; <see langword="null"/> if a price is unknown.</returns>
    public LlmSaving? Saving(ModelPrices? reference, in NormalizedUsage counted, LlmCost spent)
    {
        if (spent.Status is PriceStatus.Unknown || Cost.Status is PriceStatus.Unknown)
        {
            return null;
        }

        TokenUsage usage = counted.Tokens;
        decimal full = Cost.Usd;
        if (usage.CacheRead + usage.CacheWrite + usage.CacheWriteOneHour > 0)
        {
            usage = usage with { Input = usage.Input + usage.CacheRead + usage.CacheWrite + usage.CacheWriteOneHour, CacheRead = 0, CacheWrite = 0, CacheWriteOneHour = 0 };
            LlmCost uncached = CostCalculator.Calculate(Prices, usage, PriceStatus.Exact);
            if (uncached.Status is PriceStatus.Unknown)
            {
                return null;
            }

            full = uncached.Usd;
        }

        // Searches cost the same whoever makes them.
        LlmCost yardstick = reference is null
            ? new(full, PriceStatus.Exact)
            : CostCalculator.Calculate(usage.WebSearches > 0 ? reference with { PerSearch = Prices.PerSearch } : reference, usage, PriceStatus.Exact);
        return yardstick.Status is PriceStatus.Unknown
            ? null
            : new LlmSaving { PromptCacheUsd = full - Cost.Usd, RoutingUsd = yardstick.Usd - full - (spent.Usd - Cost.Usd) };
    }
}
