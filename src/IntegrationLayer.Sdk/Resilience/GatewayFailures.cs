using System.Globalization;
using IntegrationLayer.Sdk.Execution;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>Makes the failures of calls that were not sent.</summary>
internal static class GatewayFailures
{
    /// <summary>No endpoint could be called.</summary>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="last">Why the last one that was tried couldn't be reached; <see langword="null"/> if none was tried.</param>
    /// <param name="envelope">What the call says about itself.</param>
    /// <param name="now">The time.</param>
    /// <param name="hasWayRound">Whether another deployment may be reached without a gateway, so that it is worth trying.</param>
    public static LlmException Unavailable(EndpointSet endpoints, LlmException? last, GatewayEnvelope envelope, DateTimeOffset now, bool hasWayRound)
    {
        string states = string.Join("; ", endpoints.Endpoints.Select(e => $"{e.Name} is {e.Breaker.Examine()}"));
        string text = last is null ? $"No call was made, since no gateway endpoint may be called at the moment ({states})."
            : endpoints.Endpoints.Length == 1 ? last.Message
            : string.Create(CultureInfo.InvariantCulture, $"None of {endpoints.Endpoints.Length} gateway endpoints can be reached ({states}). The last one: {last.Message}");
        return new LlmException(text, hasWayRound ? LlmErrorClass.Network : LlmErrorClass.GatewayUnavailable, LlmErrorSource.Gateway, last)
        {
            Code = last?.Code, TraceId = envelope.TraceId, RetryAfter = RetryAfter(endpoints, now),
        };
    }

    /// <summary>As many calls as may be are under way, and as many wait.</summary>
    public static LlmException Overloaded(GatewayEndpoint endpoint, GatewayEnvelope envelope) =>
        new(
            $"Too many calls are under way or wait for the gateway {endpoint.Name} (Resilience:Gateways:MaxConcurrentCalls and MaxQueuedCalls).",
            LlmErrorClass.Overloaded,
            LlmErrorSource.Sdk)
        {
            TraceId = envelope.TraceId,
        };

    // When the first of the endpoints may be called again.
    private static TimeSpan? RetryAfter(EndpointSet endpoints, DateTimeOffset now)
    {
        TimeSpan?[] waits = [.. endpoints.Endpoints.Select(endpoint => endpoint.WaitAt(now))];
        return waits.Contains(null) ? null : waits.Min();
    }
}
