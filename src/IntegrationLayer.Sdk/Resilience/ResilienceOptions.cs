namespace IntegrationLayer.Sdk.Resilience;

/// <summary>How the SDK keeps answering when providers, accounts or gateways fail.</summary>
public sealed class ResilienceOptions
{
    /// <summary>Gets or sets when something counts as ill, and how it comes back.</summary>
    public HealthOptions Health { get; set; } = new();
}
