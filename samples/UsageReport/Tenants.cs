using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Models;

namespace UsageReportSample;

/// <summary>Who asks: acme until its budget ends, globex about long contracts, initech the same again and again.</summary>
internal static class Tenants
{
    private const int Most = 30;

    /// <summary>Asks for all of them.</summary>
    /// <returns>What acme's budget said in the end.</returns>
    public static async Task<string> AskAsync(ILlmClient client)
    {
        for (int i = 0; i < 3; i++)
        {
            await client.GetResponseAsync(Ask("globex", $"Review contract {i}.") with { Requirements = new ModelRequirements { MinContextTokens = 150_000 } });
        }

        for (int i = 0; i < 8; i++)
        {
            await client.GetResponseAsync(Ask("initech", "What are the opening hours?"));
        }

        for (int i = 0; i < Most; i++)
        {
            try
            {
                await client.GetResponseAsync(Ask("acme", $"Summarise page {i}."));
            }
            catch (BudgetExceededException e)
            {
                return $"acme's call {i + 1}: {e.Message}";
            }
        }

        return "acme's budget was large enough.";
    }

    private static LlmRequest Ask(string tenant, string question) => new(question) { Context = new LlmRequestContext { TenantId = tenant, Operation = "summarise" } };
}
