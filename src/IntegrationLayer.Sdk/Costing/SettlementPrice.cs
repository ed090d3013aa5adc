using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>Prices finished calls: at the prices of the moment, the deployment's region and the service tier that answered.</summary>
internal static class SettlementPrice
{
    /// <summary>Gets what a call cost.</summary>
    /// <param name="target">Who answered.</param>
    /// <param name="usage">What the provider counted.</param>
    /// <param name="at">When.</param>
    /// <param name="serviceTier">The service tier that the answer names, if any.</param>
    public static LlmCost PriceOf(this in RankedDeployment target, in NormalizedUsage usage, DateTimeOffset at, string? serviceTier)
    {
        if (!target.HasOwnPrices)
        {
            return CostCalculator.Calculate(target.Prices, usage.Tokens, PriceStatus.UpperBound);
        }

        Deployment deployment = target.Deployment;
        ModelPrices prices = deployment.IsPricedByUser || (serviceTier is null && deployment.Model.PriceVariants.Count == 0)
            ? target.Prices
            : deployment.Model.PricesAt(at, deployment.Regions.Count > 0 ? deployment.Regions[0] : null, serviceTier);
        return CostCalculator.Calculate(prices, usage.Tokens, usage.Basis);
    }

    /// <summary>Gets what the same tokens would have cost on the dearest deployment that could have served the request, less what they did cost.</summary>
    /// <param name="dearest">The prices of the dearest deployment that could have answered; <see langword="null"/> if there was only one.</param>
    /// <param name="cost">What the call cost.</param>
    /// <param name="counted">What the provider counted.</param>
    /// <returns>The difference in US dollars; <see langword="null"/> if nobody knows it.</returns>
    public static decimal? SavingOf(ModelPrices? dearest, LlmCost cost, NormalizedUsage? counted) =>
        counted is { } usage && dearest is not null && cost.Status is not PriceStatus.Unknown
            && CostCalculator.Calculate(dearest, usage.Tokens, usage.Basis) is { Status: not PriceStatus.Unknown } highest
                ? highest.Usd - cost.Usd
                : null;
}
