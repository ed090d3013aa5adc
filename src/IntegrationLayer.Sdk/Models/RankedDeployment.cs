namespace IntegrationLayer.Sdk.Models;

/// <summary>A deployment that may be called for a request.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="MaxCost">The most that the request may cost there.</param>
/// <param name="MaxOutputTokens">The cap on the answer that <paramref name="MaxCost"/> reckons with.</param>
public readonly record struct RankedDeployment(Deployment Deployment, LlmCost MaxCost, int MaxOutputTokens);
