namespace IntegrationLayer.Sdk.Execution;

/// <summary>What a call says about itself in headers.</summary>
/// <param name="TraceId">The trace identifier.</param>
/// <param name="Context">Who asks; metadata and the idempotency key.</param>
/// <param name="Remaining">What is left of the deadline.</param>
internal readonly record struct GatewayEnvelope(string TraceId, LlmRequestContext Context, TimeSpan Remaining)
{
    /// <summary>Gets a value indicating whether somebody wants to know what <see cref="GatewayDetail"/> tells.</summary>
    public bool IsDetailed { get; init; }
}
