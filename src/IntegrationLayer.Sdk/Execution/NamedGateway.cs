namespace IntegrationLayer.Sdk.Execution;

/// <summary>One of several gateways that do the same.</summary>
/// <param name="Name">What it is called in errors, metrics and states.</param>
/// <param name="Gateway">Where calls go.</param>
internal sealed record NamedGateway(string Name, IModelGateway Gateway);
