namespace IntegrationLayer.Sdk.Costing;

/// <summary>What each token class of a call cost, in US dollars, before rounding.</summary>
internal readonly record struct CostBreakdown
{
    public decimal Input { get; init; }

    public decimal CacheRead { get; init; }

    /// <summary>Cache writes of both times.</summary>
    public decimal CacheWrite { get; init; }

    public decimal Output { get; init; }

    public decimal Reasoning { get; init; }

    /// <summary>Audio in and out.</summary>
    public decimal Audio { get; init; }

    /// <summary>Images in and out.</summary>
    public decimal Image { get; init; }

    public decimal PerRequest { get; init; }

    public decimal Searches { get; init; }

    public decimal Total => Input + CacheRead + CacheWrite + Output + Reasoning + Audio + Image + PerRequest + Searches;
}
