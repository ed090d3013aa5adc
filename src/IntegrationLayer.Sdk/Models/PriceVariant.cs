namespace IntegrationLayer.Sdk.Models;

/// <summary>Prices of a model that apply from a date, in a region, at a service tier or at a time of day only.</summary>
public sealed record PriceVariant
{
    /// <summary>Gets the moment from which the prices apply.</summary>
    /// <value><see langword="null"/> when they have always applied.</value>
    public DateTimeOffset? ValidFrom { get; init; }

    /// <summary>Gets the region, such as <c>eu</c> or <c>us-east-1</c>; a region also covers the finer ones that begin with it and a hyphen.</summary>
    /// <value><see langword="null"/> when the prices apply in every region.</value>
    public string? Region { get; init; }

    /// <summary>Gets the service tier, such as <c>batch</c>, <c>flex</c> or <c>priority</c>.</summary>
    /// <value><see langword="null"/> for the standard tier.</value>
    public string? ServiceTier { get; init; }

    /// <summary>Gets the times of day at which the prices apply.</summary>
    /// <value>Empty means at any time.</value>
    public IReadOnlyList<PriceWindow> Windows { get; init; } = [];

    /// <summary>Gets the prices.</summary>
    public required ModelPrices Prices { get; init; }
}
