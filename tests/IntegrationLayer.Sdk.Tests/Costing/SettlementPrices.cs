using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Tests.Costing;

/// <summary>Prices finished calls of a deployment that a test makes up.</summary>
internal static class SettlementPrices
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static SettlementPrice Of(
        ModelInfo model, in NormalizedUsage usage, string? serviceTier = null, ModelInfo? served = null, DateTimeOffset? at = null, bool isPricedByUser = false) =>
        SettlementPrice.Of(Ranked(model, isPricedByUser), served, usage, at ?? Now, serviceTier);

    public static RankedDeployment Ranked(ModelInfo model, bool isPricedByUser = false, ModelPrices? prices = null) =>
        new(Deployment(model, isPricedByUser), new LlmCost(1, PriceStatus.UpperBound), 100) { Prices = prices ?? model.Prices };

    public static Deployment Deployment(ModelInfo model, bool isPricedByUser = false, string? modelId = null) => new()
    {
        Name = $"test/{model.Model}",
        Account = new ProviderAccount { Name = "test", Provider = model.Provider },
        Model = model,
        ModelId = modelId ?? model.Model,
        IsPricedByUser = isPricedByUser,
    };
}
