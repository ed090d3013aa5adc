using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Execution;

/// <summary>What the gateway said about a call in its headers.</summary>
/// <param name="StatusCode">The HTTP status.</param>
/// <param name="Provider">The provider that it used, if it says so.</param>
/// <param name="TraceId">The trace identifier, if it echoes one.</param>
/// <param name="IsGuardrailFlagged">Whether a guardrail that doesn't deny has failed (246).</param>
/// <param name="Limits">What the provider said of its rate limits, if it did.</param>
internal readonly record struct GatewayInfo(int StatusCode, string? Provider = null, string? TraceId = null, bool IsGuardrailFlagged = false, RateLimits? Limits = null)
{
    /// <summary>Gets what else the answer says about itself; <see langword="null"/> unless that was asked for (<see cref="GatewayEnvelope.IsDetailed"/>).</summary>
    public GatewayDetail? Detail { get; init; }

    /// <summary>Gets what of the conversation was changed or left out to be sent.</summary>
    public LlmHistoryRepairs Repairs { get; init; }
}
