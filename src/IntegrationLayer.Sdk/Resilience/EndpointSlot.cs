using System.Threading.RateLimiting;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>A call's place at an endpoint.</summary>
/// <param name="Endpoint">Where.</param>
/// <param name="Permit">What is given back to the endpoint's breaker when it is known whether the endpoint works.</param>
/// <param name="IsProbe">Whether it is the one call that finds out whether the endpoint is back.</param>
/// <param name="Lease">What is given back to the endpoint's limiter when the call has ended; <see langword="null"/> while the call still has to wait for one.</param>
internal readonly record struct EndpointSlot(GatewayEndpoint Endpoint, Permit Permit, bool IsProbe, RateLimitLease? Lease)
{
    /// <summary>Says what the call came to, once.</summary>
    public void Report(CallOutcome outcome)
    {
        Endpoint.Breaker.Leave(Permit, outcome);
        if (IsProbe)
        {
            Endpoint.Probe.End();
        }
    }

    /// <summary>Notes that a stream is open, which ends a trial; what it comes to is still to be reported.</summary>
    public EndpointSlot Answered()
    {
        if (IsProbe)
        {
            Endpoint.Probe.End();
        }

        return this with { Permit = Endpoint.Breaker.Answered(Permit), IsProbe = false };
    }

    /// <summary>Makes room for another call, once.</summary>
    public void Free()
    {
        Endpoint.Load.End();
        Lease?.Dispose();
    }
}
