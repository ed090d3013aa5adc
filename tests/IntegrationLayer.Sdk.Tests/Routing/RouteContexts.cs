using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Routing;

namespace IntegrationLayer.Sdk.Tests.Routing;

/// <summary>Makes what a policy is given.</summary>
internal static class RouteContexts
{
    public static CandidateColumns Columns(IEnumerable<(int Index, double Quality, double Weight)> deployments)
    {
        var account = new ProviderAccount { Name = "a", Provider = "openai" };
        var model = new ModelInfo { Provider = "openai", Model = "m" };
        return new CandidateColumns([.. deployments.Select(d => new Deployment
        {
            Name = $"d{d.Index}", Account = account, Model = model, ModelId = "m", Index = d.Index, Quality = d.Quality, Weight = d.Weight,
        })]);
    }

    public static RouteContext Of(
        CandidateColumns candidates, double[] costs, LatencyTable? latencies = null, double outputTokens = 100, LoadTable? loads = null, ulong affinityKey = 0) =>
        new(new LlmRequest("hello"), "any", candidates, costs, new RouteSignals(
            latencies ?? new LatencyTable(candidates.Deployments.Length, TimeProvider.System), loads ?? new FakeLoads(candidates.Deployments.Select(d => d.Index).DefaultIfEmpty().Max() + 1), new LoadBalancingOptions(), outputTokens, affinityKey));

    /// <summary>As many calls under way as a test wants.</summary>
    internal sealed class FakeLoads : LoadTable
    {
        private readonly FakeLoad[] _loads;

        public FakeLoads(int count)
            : this([.. Enumerable.Range(0, count).Select(_ => new FakeLoad())])
        {
        }

        private FakeLoads(FakeLoad[] loads)
            : base(loads) => _loads = loads;

        public void Begin(int index, int calls = 1)
        {
            for (int i = 0; i < calls; i++)
            {
                _loads[index].Begin();
            }
        }

        private sealed class FakeLoad : DeploymentLoad
        {
            public void Begin() => TryBegin();
        }
    }
}
