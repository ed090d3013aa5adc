using System.Text.Json.Serialization;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>What a state of health is of.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HealthKind>))]
public enum HealthKind
{
    /// <summary>A deployment: a model through one account.</summary>
    Deployment = 0,

    /// <summary>An account at a provider, with all its deployments.</summary>
    Account,

    /// <summary>An endpoint of the gateway.</summary>
    Gateway,
}
