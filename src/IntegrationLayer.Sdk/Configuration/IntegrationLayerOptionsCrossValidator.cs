using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Routing;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Configuration;

/// <summary>Checks what attributes can't say: how settings go together. Reports every mistake at once, each with its value and its cure.</summary>
internal sealed class IntegrationLayerOptionsCrossValidator(RoutingPolicyTable policies, CatalogueLoader catalogues) : IValidateOptions<IntegrationLayerOptions>
{
    private const string Section = "IntegrationLayer";

    // Prefixes by which Bedrock names the geography that an inference profile keeps a request in.
    private static readonly string[] GeographyPrefixes = ["us.", "eu.", "apac.", "global."];

    public ValidateOptionsResult Validate(string? name, IntegrationLayerOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        CheckTimes(options, errors);
        CheckPolicy(options, errors);
        CheckAccounts(options, errors);
        CheckDeployments(options, errors);
        if (catalogues.TryLoad(options.CatalogueFile, out ModelCatalogue? catalogue, out string? problem))
        {
            CheckModels(options, catalogue, errors);
        }
        else
        {
            errors.AddError(problem);
        }

        CheckNames(options, errors);
        CheckRegions(options, errors);
        return errors.Build();
    }

    private static void CheckTimes(IntegrationLayerOptions options, ValidateOptionsResultBuilder errors)
    {
        CheckTime(errors, $"{Section}:Timeout", options.Timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));
        if (options.Portkey is { } portkey)
        {
            CheckTime(errors, $"{Section}:Portkey:ConnectTimeout", portkey.ConnectTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(5));
        }
    }

    private static void CheckTime(ValidateOptionsResultBuilder errors, string setting, TimeSpan value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most)
        {
            errors.AddError($"{setting} is {value}; set it from {least} to {most}.");
        }
    }

    private void CheckPolicy(IntegrationLayerOptions options, ValidateOptionsResultBuilder errors)
    {
        if (options.RoutingPolicy is { } policy && !policies.Has(policy))
        {
            errors.AddError($"There is no routing policy '{policy}'. Known: {string.Join(", ", policies.Names)}. Register yours with AddRoutingPolicy<T>().");
        }
    }

    private static void CheckAccounts(IntegrationLayerOptions options, ValidateOptionsResultBuilder errors)
    {
        if (options.Accounts.Count == 0)
        {
            errors.AddError($"There is no account. Add one: options.Accounts[\"openai\"] = new AccountOptions {{ Provider = \"openai\", ... }}, or {Section}:Accounts:openai in the configuration.");
        }

        foreach ((string name, AccountOptions account) in options.Accounts)
        {
            if (string.IsNullOrWhiteSpace(account.Provider))
            {
                errors.AddError($"{Section}:Accounts:{name}:Provider is missing. Set it to Portkey's slug of the provider, such as openai, anthropic or vertex-ai.");
            }
        }

        if (options.Accounts.Count > 0 && options.Deployments.Count == 0 && options.Accounts.Values.All(a => a.Models.Count == 0))
        {
            errors.AddError($"There is nothing to route to. List models in {Section}:Accounts:<name>:Models (\"*\" for all of the provider's), or add {Section}:Deployments.");
        }
    }

    private static void CheckDeployments(IntegrationLayerOptions options, ValidateOptionsResultBuilder errors)
    {
        foreach (DeploymentOptions deployment in options.Deployments)
        {
            if (deployment.Account is { } account && !options.Accounts.ContainsKey(account))
            {
                errors.AddError($"The deployment '{DeploymentFactory.NameOf(deployment)}' names the account '{account}', which doesn't exist. Accounts: {Join(options.Accounts.Keys)}.");
            }
        }

        foreach (IGrouping<string, DeploymentOptions> same in options.Deployments.GroupBy(DeploymentFactory.NameOf, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            errors.AddError($"{same.Count()} deployments are named '{same.Key}'. Give each a Name of its own.");
        }
    }

    private static void CheckModels(IntegrationLayerOptions options, ModelCatalogue catalogue, ValidateOptionsResultBuilder errors)
    {
        foreach ((string name, AccountOptions account) in options.Accounts.Where(a => !string.IsNullOrWhiteSpace(a.Value.Provider)))
        {
            foreach (string model in account.Models)
            {
                if (model == DeploymentFactory.EveryModel)
                {
                    if (!catalogue.OfProvider(account.Provider!).Any())
                    {
                        errors.AddError($"{Section}:Accounts:{name}:Models asks for every model of '{account.Provider}', of which the catalogue knows none. Known providers: {Join(catalogue.Providers)}.");
                    }
                }
                else if (catalogue.Find(account.Provider!, model) is null && !HasDeployment(options, name, model))
                {
                    errors.AddError($"{Section}:Accounts:{name}:Models lists '{model}', which the catalogue doesn't know at '{account.Provider}'. Check the name, or add a deployment for it with InputPrice and OutputPrice.");
                }
            }
        }
    }

    private static bool HasDeployment(IntegrationLayerOptions options, string account, string model) =>
        options.Deployments.Any(d => string.Equals(DeploymentFactory.NameOf(d), $"{account}/{model}", StringComparison.OrdinalIgnoreCase));

    private static void CheckNames(IntegrationLayerOptions options, ValidateOptionsResultBuilder errors)
    {
        foreach ((string alias, IList<string> members) in options.Aliases.Where(a => a.Value.Count == 0))
        {
            errors.AddError($"The alias '{alias}' has no members. List deployments or models in {Section}:Aliases:{alias}.");
        }
    }

    private static void CheckRegions(IntegrationLayerOptions options, ValidateOptionsResultBuilder errors)
    {
        int regions = options.Deployments.SelectMany(d => d.Regions).Concat(options.Accounts.Values.SelectMany(a => a.Regions)).Distinct(StringComparer.OrdinalIgnoreCase).Count();
        if (regions > DeploymentSet.MaxRegions)
        {
            errors.AddError($"{regions} different regions are configured; at most {DeploymentSet.MaxRegions} can be told apart. Use coarser names, such as eu instead of each of its data centres.");
        }

        foreach (DeploymentOptions deployment in options.Deployments.Where(d => d.Regions.Count > 0))
        {
            string id = deployment.ModelId ?? deployment.Model ?? "";
            string? prefix = Array.Find(GeographyPrefixes, p => id.StartsWith(p, StringComparison.OrdinalIgnoreCase));
            if (prefix is not null && !deployment.Regions.Any(r => r.StartsWith(prefix[..^1], StringComparison.OrdinalIgnoreCase)))
            {
                errors.AddError($"The deployment '{DeploymentFactory.NameOf(deployment)}' says that it processes in {Join(deployment.Regions)}, but its model id '{id}' says {prefix[..^1]}. Correct one of them.");
            }
        }
    }

    private static string Join(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal));
}
