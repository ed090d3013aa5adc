using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Portkey;

namespace IntegrationLayer.Sdk.Evaluations.Overhead;

/// <summary>2,500 deployments with real prices: every chat model of the catalogue that costs something, under as many accounts as it takes.</summary>
internal static class Deployments
{
    public const int Count = 2_500;

    public static void AddTo(IntegrationLayerOptions options)
    {
        ModelInfo[] models =
        [
            .. ModelCatalogue.Embedded.All.Where(m =>
                m is { Kind: ModelKind.Chat, IsSuspect: false, Prices: { Input: > 0, Output: > 0 } } && PortkeyProviders.Known.Contains(m.Provider)),
        ];
        for (int i = 0; i < Count; i++)
        {
            ModelInfo model = models[i % models.Length];
            string name = $"{model.Provider}-{(i / models.Length) + 1}";
            if (!options.Accounts.TryGetValue(name, out AccountOptions? account))
            {
                options.Accounts.Add(name, account = new AccountOptions { Provider = model.Provider, ApiKey = Contender.ApiKey });
            }

            account.Models.Add(model.Model);
        }
    }
}
