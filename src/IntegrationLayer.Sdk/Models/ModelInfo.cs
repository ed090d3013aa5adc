namespace IntegrationLayer.Sdk.Models;

/// <summary>A model as one provider sells it: a row of the catalogue.</summary>
public sealed record ModelInfo
{
    /// <summary>Gets the provider's slug, as Portkey names it, such as <c>openai</c> or <c>vertex-ai</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>Gets the model's identifier at the provider, such as <c>gpt-4o-mini</c>.</summary>
    public required string Model { get; init; }

    /// <summary>Gets what the model is for.</summary>
    public ModelKind Kind { get; init; }

    /// <summary>Gets the list prices of the standard service tier, in no particular region, on the day the catalogue was loaded.</summary>
    /// <remarks>Where prices depend on the time of day, the dearest. To replace them, clear <see cref="PriceVariants"/> too.</remarks>
    public ModelPrices Prices { get; init; } = ModelPrices.Unknown;

    /// <summary>Gets prices that apply from a date, in a region, at a service tier or at a time of day only.</summary>
    public IReadOnlyList<PriceVariant> PriceVariants { get; init; } = [];

    /// <summary>Gets how many tokens input and output may have together.</summary>
    /// <value><see langword="null"/> when unknown: then no request is turned down for its length.</value>
    public int? ContextTokens { get; init; }

    /// <summary>Gets how many tokens an answer may have.</summary>
    /// <value><see langword="null"/> when unknown.</value>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Gets what the model can do.</summary>
    public ModelCapabilities Capabilities { get; init; }

    /// <summary>Gets what the model reads.</summary>
    public ModelModalities InputModalities { get; init; }

    /// <summary>Gets what the model writes.</summary>
    public ModelModalities OutputModalities { get; init; }

    /// <summary>Gets the day of release, as far as the model's identifier tells it.</summary>
    /// <value><see langword="null"/> when unknown.</value>
    public DateOnly? Released { get; init; }

    /// <summary>Gets the name of the source of the prices: one of <see cref="ModelCatalogue.Sources"/>.</summary>
    /// <value><see langword="null"/> when there is none: the user's own.</value>
    public string? PriceSource { get; init; }

    /// <summary>Gets a value indicating whether the price is so far off the other offers of the same model (more than four times) that it is taken for an error.</summary>
    /// <remarks>A router that minimises cost falls for every price that is too low, so such models are not routable unless the user sets a price.</remarks>
    public bool IsSuspect { get; init; }

    /// <summary>Finds the prices at a moment, in a region, at a service tier.</summary>
    /// <param name="at">The moment of the request.</param>
    /// <param name="region">The region that processed it, such as <c>eu</c>; <see langword="null"/> for none in particular. One without prices of its own has the list prices.</param>
    /// <param name="serviceTier">The service tier that the provider applied. <see langword="null"/>, <c>default</c>, <c>auto</c>, <c>standard</c>, <c>standard_only</c> and <c>on_demand</c> are the standard one.</param>
    /// <returns>
    /// The most specific prices: service tier before region before date before time of day. <c>batch</c> and <c>flex</c> without prices of
    /// their own have the standard ones, which are never lower; any other tier without prices has <see cref="ModelPrices.Unknown"/>.
    /// </returns>
    public ModelPrices PricesAt(DateTimeOffset at, string? region = null, string? serviceTier = null) =>
        PriceVariants.Count == 0 && serviceTier is null ? Prices : PriceResolver.Resolve(this, at, region, serviceTier);

    /// <inheritdoc/>
    public override string ToString() => $"{Provider}/{Model}";
}
