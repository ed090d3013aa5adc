using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Execution;

/// <summary>What the provider says has answered: it may be another model or service tier than was asked for, at another price.</summary>
/// <param name="Model">The model.</param>
/// <param name="Extras">What else the answer said about itself.</param>
internal readonly record struct Served(string? Model, AdditionalPropertiesDictionary? Extras)
{
    /// <summary>The name under which answers tell their service tier.</summary>
    public const string ServiceTierKey = "service_tier";

    /// <summary>Gets why the model stopped, if it said so.</summary>
    public ChatFinishReason? FinishReason { get; init; }

    /// <summary>Gets the service tier, such as <c>flex</c> or <c>priority</c>.</summary>
    public string? ServiceTier => Extras?.TryGetValue(ServiceTierKey, out object? tier) is true ? tier?.ToString() : null;
}
