namespace IntegrationLayer.Sdk.Models;

/// <summary>A deployment that may be called for a request.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="MaxCost">The most that the request may cost there.</param>
/// <param name="MaxOutputTokens">The cap on the answer that <paramref name="MaxCost"/> reckons with.</param>
public readonly record struct RankedDeployment(Deployment Deployment, LlmCost MaxCost, int MaxOutputTokens)
{
    /// <summary>Gets how many tokens the request may use there: its estimated input and the cap on the answer.</summary>
    internal long MaxTokens { get; init; }

    /// <summary>Gets the prices to reckon with: the deployment's own, or what stands in for unknown ones.</summary>
    internal ModelPrices Prices { get; init; } = ModelPrices.Unknown;

    /// <summary>Gets a value indicating whether it is ill or resting, and only there in case that nobody else is left.</summary>
    internal bool IsLastResort { get; init; }

    /// <summary>Gets a value indicating whether the cap on the answer is smaller than it would be if the budget could pay for it.</summary>
    internal bool IsCapReduced { get; init; }

    /// <summary>Gets a value indicating whether <see cref="Prices"/> are the deployment's own.</summary>
    internal bool HasOwnPrices => ReferenceEquals(Prices, Deployment.Model.Prices);
}
