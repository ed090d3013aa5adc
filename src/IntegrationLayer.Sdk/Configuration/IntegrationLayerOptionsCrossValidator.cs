using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Portkey;
using IntegrationLayer.Sdk.Routing;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Configuration;

/// <summary>Checks how settings go together. Reports every mistake at once, each with its value and its cure.</summary>
internal sealed class IntegrationLayerOptionsCrossValidator(RoutingPolicyTable policies, CatalogueLoader catalogues, TimeProvider timeProvider) : IValidateOptions<IntegrationLayerOptions>
{
    private const string Section = "IntegrationLayer";

    private const int MostOutputTokens = 10_000_000;

    // Prefixes by which Bedrock names the geography that an inference profile keeps a request in.
    private static readonly string[] GeographyPrefixes = ["us.", "eu.", "apac.", "global."];

    public ValidateOptionsResult Validate(string? name, IntegrationLayerOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        CheckPolicy(options, errors);
        CheckAccounts(options, errors);
        CheckDeployments(options, errors);
        CheckBudgets(options, errors);
        if (catalogues.TryLoad(options.CatalogueFile, out ModelCatalogue? catalogue, out string? problem))
        {
            CheckModels(options, catalogue, errors);
            CheckNames(options, errors);
            CheckRegions(options, errors);
            if (!errors.Build().Failed)
            {
                Deployment[] deployments = DeploymentFactory.Create(options, catalogue, timeProvider.GetUtcNow());
                CheckMembers(options, deployments, errors);
                CheckReference(options, deployments, catalogue, errors);
            }
        }
        else
        {
            errors.AddError(problem);
        }

        return errors.Build();
    }

    private static void CheckBudgets(IntegrationLayerOptions options, ValidateOptionsResultBuilder errors)
    {
        if (options.Budgets is null)
        {
            errors.AddError($"{Section}:Budgets is null. Leave it as it is made, and add to its limits.");
            return;
        }

        if (!Enum.IsDefined(options.Budgets.WhenShort))
        {
            errors.AddError($"{Section}:Budgets:WhenShort is {options.Budgets.WhenShort}; set it to {string.Join(", ", Enum.GetNames<BudgetShortagePolicy>())}.");
        }

        if (options.Budgets.MinOutputTokens is < 1 or > MostOutputTokens)
        {
            errors.AddError(FormattableString.Invariant($"{Section}:Budgets:MinOutputTokens is {options.Budgets.MinOutputTokens}; set it from 1 to {MostOutputTokens}."));
        }

        List<BudgetLimit> limits = BudgetLimitReader.ReadAll(options.Budgets.Limits, $"{Section}:Budgets:Limits", problem => errors.AddError(problem));
        if (limits.Count > BudgetDemand.MaxLimits)
        {
            errors.AddError($"{Section}:Budgets:Limits has {limits.Count} entries; a request may count against at most {BudgetDemand.MaxLimits}. Use * for budgets of each user's or tenant's own, or write an IBudgetPolicy.");
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
        for (int i = 0; i < options.Deployments.Count; i++)
        {
            DeploymentOptions deployment = options.Deployments[i];
            string entry = $"{Section}:Deployments:{i} ('{DeploymentFactory.NameOf(deployment)}')";
            if (string.IsNullOrWhiteSpace(deployment.Account))
            {
                errors.AddError($"{entry} has no Account. Set it to the name of an entry of {Section}:Accounts: {Join(options.Accounts.Keys)}.");
            }
            else if (!options.Accounts.ContainsKey(deployment.Account))
            {
                errors.AddError($"{entry} names the account '{deployment.Account}', which doesn't exist. Accounts: {Join(options.Accounts.Keys)}.");
            }

            if (string.IsNullOrWhiteSpace(deployment.Model))
            {
                errors.AddError($"{entry} has no Model. Set it to the provider's identifier of the model, such as gpt-4o-mini.");
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
            string[] unknown = [.. account.Models.Where(m => !IsKnown(options, catalogue, name, m))];
            if (unknown.Length > 0 && !IsProvider(account.Provider!, catalogue))
            {
                errors.AddError($"{Section}:Accounts:{name}:Provider is '{account.Provider}', which is no known provider. {NearNames.Suggest(account.Provider!, catalogue.Providers.Concat(PortkeyProviders.Known))}");
                continue;
            }

            foreach (string model in unknown)
            {
                errors.AddError(model == DeploymentFactory.EveryModel
                    ? $"{Section}:Accounts:{name}:Models asks for every model of '{account.Provider}', of which the catalogue knows none. List them in {Section}:Deployments with InputPrice and OutputPrice."
                    : $"{Section}:Accounts:{name}:Models lists '{model}', which the catalogue doesn't know at '{account.Provider}'. Check the name, or add a deployment for it with InputPrice and OutputPrice.");
            }
        }
    }

    private static bool IsProvider(string provider, ModelCatalogue catalogue) =>
        PortkeyProviders.Known.Contains(ProviderNames.Canonical(provider)) || catalogue.OfProvider(provider).Count > 0;

    private static bool IsKnown(IntegrationLayerOptions options, ModelCatalogue catalogue, string account, string model)
    {
        string provider = options.Accounts[account].Provider!;
        return model == DeploymentFactory.EveryModel
            ? catalogue.OfProvider(provider).Count > 0
            : catalogue.Find(provider, model) is not null || HasDeployment(options, account, model);
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

    // Only valid options make deployments, so this comes last.
    private static void CheckMembers(IntegrationLayerOptions options, Deployment[] deployments, ValidateOptionsResultBuilder errors)
    {
        var names = new HashSet<string>(DeploymentSet.Create(deployments, [], []).Names, StringComparer.OrdinalIgnoreCase);
        foreach ((string alias, IList<string> members) in options.Aliases)
        {
            foreach (string member in members.Where(m => !names.Contains(m)))
            {
                errors.AddError($"{Section}:Aliases:{alias} lists '{member}', but no deployment, model or earlier alias is named so. Known, nearest first: {NearNames.List(member, names)}.");
            }

            names.Add(alias);
        }

        string[] regions = [.. deployments.SelectMany(d => d.Regions).Distinct(StringComparer.OrdinalIgnoreCase)];
        foreach ((string group, IList<string> members) in options.RegionGroups)
        {
            foreach (string member in members.Where(m => !regions.Contains(m, StringComparer.OrdinalIgnoreCase)))
            {
                errors.AddError($"{Section}:RegionGroups:{group} lists '{member}', a region that no account or deployment has. Known, nearest first: {NearNames.List(member, regions)}.");
            }
        }
    }

    private static void CheckReference(IntegrationLayerOptions options, Deployment[] deployments, ModelCatalogue catalogue, ValidateOptionsResultBuilder errors)
    {
        if (options.ReferenceModel is { } reference && ReferenceModels.Find(reference, DeploymentSet.Create(deployments, options.Aliases, []), catalogue) is null)
        {
            IEnumerable<string> known = catalogue.All.Where(m => m.Kind is ModelKind.Chat && m.Prices.IsKnown).Select(m => m.ToString());
            errors.AddError($"{Section}:ReferenceModel is '{reference}', which is no deployment or model with a known price. Name one as provider/model. Known, nearest first: {NearNames.List(reference, known)}.");
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
