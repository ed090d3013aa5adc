using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Tests.Portkey;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Resilience;

/// <summary>A pool over scripted gateways, whose clock stands still, and what it told its observer.</summary>
internal sealed class PoolHost : IGatewayObserver
{
    private readonly EndpointDirectory _directory;
    private IReadOnlyList<NamedGateway> _named;

    public PoolHost(int gateways = 2, Func<Deployment, IModelGateway?>? lastResort = null, Action<GatewayPoolOptions>? configure = null)
    {
        Options.Health.Jitter = 0;
        configure?.Invoke(Options);
        Gateways = [.. Enumerable.Range(1, gateways).Select(i => new ScriptedGateway($"g{i}"))];
        _named = [.. Gateways.Select(g => g.Named)];
        var random = new RandomSource(1);
        Registry = new HealthRegistry(Time, random, []);
        _directory = new EndpointDirectory(() => _named, () => Options, Registry, Time);
        Pool = new GatewayPool(_directory, new LastResort(lastResort), this, Time, random);
    }

    public GatewayPoolOptions Options { get; private set; } = new();

    public FakeTimeProvider Time { get; } = new(Portkey.Call.Now);

    public HealthRegistry Registry { get; }

    public ScriptedGateway[] Gateways { get; private set; }

    public GatewayPool Pool { get; }

    public List<string> Told { get; } = [];

    public GatewayEndpoint[] Endpoints => _directory.Current.Endpoints;

    public int InFlight => Endpoints.Sum(e => e.Load.InFlight);

    /// <summary>Makes a call and gives the name of the gateway that answered.</summary>
    public async Task<string> AskAsync(CancellationToken cancellationToken = default) => (await Pool.SendAsync(Portkey.Call.Chat(), cancellationToken)).Content.Text;

    public Task<LlmException> FailureAsync() => Portkey.Call.Failure(() => AskAsync());

    public void Advance(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Brings another configuration into force.</summary>
    public void Reconfigure(ScriptedGateway[] gateways, GatewayPoolOptions? options = null)
    {
        Gateways = gateways;
        Options = options ?? Options;
        _named = [.. gateways.Select(g => g.Named)];
    }

    public void Waited(string endpoint, TimeSpan time) => Told.Add(FormattableString.Invariant($"waited {time.TotalSeconds} s for {endpoint}"));

    public void TurnedAway(string endpoint) => Told.Add($"turned away by {endpoint}");

    public void PassedOver(string endpoint) => Told.Add($"passed over {endpoint}");
}
