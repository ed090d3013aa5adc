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
        ModelPrices prices = deployment.Model.PriceVariants.Count == 0
            ? target.Prices
            : deployment.Model.PricesAt(at, deployment.Regions.Count > 0 ? deployment.Regions[0] : null, serviceTier);
        return CostCalculator.Calculate(prices, usage.Tokens, usage.Basis);
    }
}
