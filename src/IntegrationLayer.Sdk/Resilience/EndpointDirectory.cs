using System.Threading.RateLimiting;
using IntegrationLayer.Sdk.Execution;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>Knows the endpoints of the configuration in force. Those that stay keep their health and their calls when it changes.</summary>
/// <param name="gateways">Gives the gateways: the same list as long as the configuration is the same.</param>
/// <param name="options">Gives the limits in force.</param>
/// <param name="registry">Keeps the endpoints' health.</param>
/// <param name="time">The clock.</param>
internal sealed class EndpointDirectory(
    Func<IReadOnlyList<NamedGateway>> gateways, Func<GatewayPoolOptions> options, HealthRegistry registry, TimeProvider time)
{
    private readonly Lock _gate = new();
    private volatile EndpointSet _current = new([], []);
    private GatewayPoolOptions? _limits;

    /// <summary>Gets the endpoints.</summary>
    public EndpointSet Current
    {
        get
        {
            IReadOnlyList<NamedGateway> source = gateways();
            EndpointSet known = _current;
            return ReferenceEquals(known.Source, source) ? known : Replace(source);
        }
    }

    private EndpointSet Replace(IReadOnlyList<NamedGateway> source)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_current.Source, source))
            {
                GatewayPoolOptions limits = options();
                Dictionary<string, GatewayEndpoint> before = _current.Endpoints.ToDictionary(e => e.Name, StringComparer.OrdinalIgnoreCase);
                _current = new EndpointSet(source, [.. source.Select(gateway => EndpointOf(gateway, before.GetValueOrDefault(gateway.Name), limits))]);
                _limits = limits;
                registry.Retain(HealthKind.Gateway, source.Select(gateway => gateway.Name));
            }

            return _current;
        }
    }

    // Calls that were begun under other limits end at their own limiter.
    private GatewayEndpoint EndpointOf(NamedGateway gateway, GatewayEndpoint? before, GatewayPoolOptions limits)
    {
        bool isSameLimit = (_limits?.MaxConcurrentCalls, _limits?.MaxQueuedCalls) == (limits.MaxConcurrentCalls, limits.MaxQueuedCalls);
        return new GatewayEndpoint(
            gateway,
            registry.Get(HealthKind.Gateway, gateway.Name, () => options().Health),
            before?.Load ?? new EndpointLoad(time),
            before?.Probe ?? new EndpointProbe(time),
            before is not null && isSameLimit ? before.Limiter : LimiterOf(limits));
    }

    private static ConcurrencyLimiter LimiterOf(GatewayPoolOptions limits) => new(new ConcurrencyLimiterOptions
    {
        PermitLimit = limits.MaxConcurrentCalls,
        QueueLimit = limits.MaxQueuedCalls,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });
}
