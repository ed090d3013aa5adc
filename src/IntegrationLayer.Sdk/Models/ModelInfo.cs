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

    /// <summary>Gets today's list prices.</summary>
    public ModelPrices Prices { get; init; } = ModelPrices.Unknown;

    /// <summary>Gets how many tokens input and output may have together.</summary>
    /// <value><see langword="null"/> when unknown: then no request is turned down for its length.</value>
    public int? ContextTokens { get; init; }

    /// <summary>Gets how many tokens an answer may have.</summary>
    /// <value><see langword="null"/> when unknown.</value>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Gets what the model can do.</summary>
    public ModelCapabilities Capabilities { get; init; }

    /// <summary>Gets a value indicating whether the price is so far off the other offers of the same model (more than four times) that it is taken for an error.</summary>
    /// <remarks>A router that minimises cost falls for every price that is too low, so such models are not routable unless the user sets a price.</remarks>
    public bool IsSuspect { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Provider}/{Model}";
}
