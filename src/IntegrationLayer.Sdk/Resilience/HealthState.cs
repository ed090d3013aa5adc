using System.Text.Json.Serialization;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>How well something that calls depend on (a deployment, an account, a gateway endpoint) has lately been, from what its calls came to.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HealthState>))]
public enum HealthState
{
    /// <summary>Calls succeed.</summary>
    Healthy = 0,

    /// <summary>Some calls fail: it gets a smaller share of the traffic (<see cref="HealthOptions.DegradedRatio"/>).</summary>
    Degraded,

    /// <summary>It has recovered, and its share of the traffic grows step by step (<see cref="HealthOptions.RecoveryShares"/>).</summary>
    Recovering,

    /// <summary>Its pause is over: one request at a time finds out whether it works again.</summary>
    HalfOpen,

    /// <summary>It answered "too many requests" (429) and is left alone for as long as it asked.</summary>
    Cooling,

    /// <summary>Most calls failed: it gets none until its pause is over.</summary>
    Open,

    /// <summary>It has no money or quota left, or its credential is refused: waiting seconds won't help.</summary>
    Benched,
}
