using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Models;

namespace Quickstart;

/// <summary>How good each model is, from 0 to 1. No catalogue can say that for your task: these are made up, yours come from your own evaluation.</summary>
internal static class Qualities
{
    private static readonly Dictionary<string, double> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["gpt-4o-mini"] = 0.5,
        ["gpt-4.1-mini"] = 0.6,
        ["gpt-4o"] = 0.7,
        ["claude-haiku-4-5"] = 0.7,
        ["claude-sonnet-4-5"] = 0.9,
        ["gemini-2.5-flash"] = 0.65,
        ["gemini-2.5-pro"] = 0.85,
    };

    /// <summary>Adds a deployment for each model whose quality is known: it replaces the one that its account's list of models makes.</summary>
    public static void Set(IntegrationLayerOptions options)
    {
        foreach ((string name, AccountOptions account) in options.Accounts)
        {
            foreach (string model in account.Models.Where(Known.ContainsKey))
            {
                options.Deployments.Add(new DeploymentOptions { Account = name, Model = model, Quality = Known[model] });
            }
        }
    }
}
