namespace IntegrationLayer.Sdk.Routing;

/// <summary>What a deployment's prompt cache was reckoned to save when a request was routed.</summary>
/// <param name="Deployment">The deployment that is likely to have the beginning of the prompt in its cache: the first of the ranking that is.</param>
/// <param name="ExpectedSavingUsd">How much cheaper that makes the input there, in US dollars: an estimate, with which the ranking reckoned; the charge is by what the provider reports.</param>
public sealed record PromptCacheHint(string Deployment, decimal ExpectedSavingUsd);
