using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Portkey;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Benchmarks;

/// <summary>What the benchmarks ask, and of whom.</summary>
internal static class Requests
{
    /// <summary>Makes a short question.</summary>
    public static LlmRequest Question(string? policy = null, ModelCapabilities capabilities = ModelCapabilities.None) =>
        new("You are given the invoice with the number 4711. Say in one paragraph when it is due, who has to approve it and what happens if it is paid late.")
        {
            Options = new ChatOptions { MaxOutputTokens = 256 },
            Context = new LlmRequestContext { TenantId = "acme", TeamId = "billing", UserId = "jo", Operation = "summarize" },
            Requirements = new ModelRequirements { Capabilities = capabilities },
            RoutingPolicy = policy,
        };

    /// <summary>Adds deployments with real prices: every chat model of the catalogue that costs something, under as many accounts as it takes.</summary>
    public static void AddDeployments(IntegrationLayerOptions options, int count)
    {
        options.Portkey.Endpoint = new Uri("http://localhost:8787/v1/");
        ModelInfo[] models =
        [
            .. ModelCatalogue.Embedded.All.Where(m =>
                m is { Kind: ModelKind.Chat, IsSuspect: false, Prices: { Input: > 0, Output: > 0 } } && PortkeyProviders.Known.Contains(m.Provider)),
        ];
        for (int i = 0; i < count; i++)
        {
            ModelInfo model = models[i % models.Length];
            string name = $"{model.Provider}-{(i / models.Length) + 1}";
            if (!options.Accounts.TryGetValue(name, out AccountOptions? account))
            {
                options.Accounts.Add(name, account = new AccountOptions { Provider = model.Provider, ApiKey = "sk-benchmark" });
            }

            account.Models.Add(model.Model);
        }
    }
}
