using System.Text.Json.Serialization;

namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>How much is measured. Each level has all that the one before it has; docs/metrics.md lists the instruments of each.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TelemetryLevel>))]
public enum TelemetryLevel
{
    /// <summary>What alerts need: requests, durations, tokens, cost, and what must never happen.</summary>
    Minimal = 0,

    /// <summary>What operators need: also overhead, savings, the cache, and everything that is out of the ordinary. Nothing is recorded twice.</summary>
    Standard,

    /// <summary>What whoever looks for a cause needs: also every stage, attempt, size and estimate of every request, and a span for each stage.</summary>
    Full,
}
