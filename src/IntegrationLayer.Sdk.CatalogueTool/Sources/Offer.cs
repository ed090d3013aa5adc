using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.CatalogueTool.Sources;

/// <summary>What one source says of one model at one provider.</summary>
internal sealed record Offer
{
    /// <summary>Gets the gateway's slug of the provider.</summary>
    /// <value><see langword="null"/> when the gateway can't reach it: then the offer is evidence of what the model costs, no row.</value>
    public required string? Provider { get; init; }

    /// <summary>Gets the source's own name of the provider.</summary>
    public required string Seller { get; init; }

    /// <summary>Gets the model's identifier at the provider.</summary>
    public required string Model { get; init; }

    /// <summary>Gets the name of the source.</summary>
    public required string Source { get; init; }

    /// <summary>Gets what the model is for.</summary>
    public ModelKind Kind { get; init; }

    /// <summary>Gets the list prices.</summary>
    public ModelPrices Prices { get; init; } = ModelPrices.Unknown;

    /// <summary>Gets the other prices.</summary>
    public IReadOnlyList<PriceVariant> Variants { get; init; } = [];

    /// <summary>Gets the context window.</summary>
    public int? ContextTokens { get; init; }

    /// <summary>Gets the longest answer.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Gets what the source says the model can do.</summary>
    /// <value><see langword="null"/> when the source doesn't say.</value>
    public ModelCapabilities? Capabilities { get; init; }

    /// <summary>Gets further names that mean exactly this model at this provider.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Gets the rule that says which names at the seller are this model's, if the source has one.</summary>
    public MatchRule? Match { get; init; }

    /// <summary>Gets the service tiers whose prices are a multiple of the list prices, with the factor.</summary>
    public IReadOnlyDictionary<string, decimal> ServiceTiers { get; init; } = new Dictionary<string, decimal>();

    /// <summary>Gets a value indicating whether the price was found to be in error.</summary>
    public bool IsSuspect { get; init; }
}
