using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Routing;

namespace Quickstart;

/// <summary>A policy orders what the requirements leave. Requests, options and the configuration file name one.</summary>
internal static class PolicyStep
{
    public static async Task RunAsync(ILlmClient client)
    {
        Screen.Heading("2. The same request under other policies");
        var request = new LlmRequest("Write a limerick about gateways.");
        var rows = new List<string[]>();
        foreach (string policy in (string[])[RoutingPolicies.LowestCost, RoutingPolicies.HighestQuality, RoutingPolicies.Balanced])
        {
            LlmResponse response = await client.GetResponseAsync(request with { RoutingPolicy = policy });
            rows.Add([policy, response.Receipt.Deployment, response.Receipt.Cost.ToString()]);
        }

        Screen.Show(["policy", "answered by", "cost"], rows);
    }
}
