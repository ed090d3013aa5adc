using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Routing;

namespace Quickstart;

/// <summary>Where would a request go, and why not elsewhere? RouteAsync answers without calling anything.</summary>
internal static class RoutingStep
{
    public static async Task RunAsync(ILlmClient client)
    {
        Screen.Heading("1. Routing: a context of at least 150,000 tokens, for at most 3 cents");
        RouteDecision route = await client.RouteAsync(new LlmRequest("Summarise the minutes of the meeting.")
        {
            Requirements = new ModelRequirements { MinContextTokens = 150_000, MaxCost = 0.03m },
        });

        IEnumerable<string[]> ranked = route.Ranked.Select((candidate, i) =>
            (string[])[$"{i + 1}", candidate.Deployment.Name, FormattableString.Invariant($"costs at most {candidate.MaxCost.Usd} USD")]);
        IEnumerable<string[]> rejected = route.Rejected.Select(r => (string[])["-", r.Deployment, r.Reason]);
        Screen.Show(["rank", "deployment", $"why (policy {route.Policy})"], ranked.Concat(rejected));
    }
}
