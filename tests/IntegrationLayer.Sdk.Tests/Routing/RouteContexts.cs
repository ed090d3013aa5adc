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

    public static RouteContext Of(CandidateColumns candidates, double[] costs, LatencyTable? latencies = null, double outputTokens = 100) =>
        new(new LlmRequest("hello"), "any", candidates, costs, latencies ?? new LatencyTable(candidates.Deployments.Length, TimeProvider.System), outputTokens);
}
