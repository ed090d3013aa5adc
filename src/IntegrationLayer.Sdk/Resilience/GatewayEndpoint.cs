using System.Threading.RateLimiting;
using IntegrationLayer.Sdk.Execution;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>One of the gateways of a pool, with its health, its load and its limit.</summary>
internal sealed class GatewayEndpoint(NamedGateway gateway, CircuitBreaker breaker, EndpointLoad load, EndpointProbe probe, ConcurrencyLimiter limiter)
{
    public string Name => gateway.Name;

    public IModelGateway Gateway => gateway.Gateway;

    public CircuitBreaker Breaker => breaker;

    public EndpointLoad Load => load;

    public EndpointProbe Probe => probe;

    public ConcurrencyLimiter Limiter => limiter;

    /// <summary>Says how long it is left alone; <see langword="null"/> if it may be called.</summary>
    public TimeSpan? WaitAt(DateTimeOffset now)
    {
        if (breaker.Examine().Until is not { } until)
        {
            return null;
        }

        TimeSpan pause = until > now ? until - now : TimeSpan.Zero;
        return probe.Wait < pause ? probe.Wait : pause;
    }
}
