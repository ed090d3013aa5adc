using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;

namespace IntegrationLayer.Sdk.Configuration;

/// <summary>Makes deployments of what the user wrote and what the catalogue knows. The options have been validated.</summary>
internal static class DeploymentFactory
{
    /// <summary>The entry of <see cref="AccountOptions.Models"/> that stands for every model of the provider.</summary>
    public const string EveryModel = "*";

    /// <summary>Makes the deployments, in the order written: accounts by name, then their models; explicit entries replace those of the same name.</summary>
    public static Deployment[] Create(IntegrationLayerOptions options, ModelCatalogue catalogue, DateTimeOffset now)
    {
        var settings = new Dictionary<string, DeploymentOptions>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, AccountOptions account) in options.Accounts.OrderBy(a => a.Key, StringComparer.OrdinalIgnoreCase))
        {
            foreach (string model in ModelsOf(account, catalogue))
            {
                settings.TryAdd($"{name}/{model}", new DeploymentOptions { Account = name, Model = model });
            }
        }

        foreach (DeploymentOptions deployment in options.Deployments)
        {
            settings[NameOf(deployment)] = deployment;
        }

        Dictionary<string, ProviderAccount> accounts = options.Accounts.ToDictionary(a => a.Key, a => a.Value.ToAccount(a.Key), StringComparer.OrdinalIgnoreCase);
        return [.. settings.Select((s, index) => Deployment(s.Key, s.Value, index, options, accounts[s.Value.Account!], Known(s.Value, options.Accounts[s.Value.Account!], catalogue, now)))];
    }

    /// <summary>Gets the name of a deployment: its own, or account and model.</summary>
    public static string NameOf(DeploymentOptions deployment) => deployment.Name ?? $"{deployment.Account}/{deployment.Model}";

    private static IEnumerable<string> ModelsOf(AccountOptions account, ModelCatalogue catalogue) =>
        account.Models.SelectMany(model => model == EveryModel
            ? catalogue.OfProvider(account.Provider!)
                .Where(m => m.Kind is ModelKind.Chat or ModelKind.Embedding && m.Prices.IsKnown && !m.IsSuspect)
                .Select(m => m.Model)
            : [model]);

    private static Deployment Deployment(
        string name, DeploymentOptions options, int index, IntegrationLayerOptions all, ProviderAccount account, ModelInfo known)
    {
        ModelInfo model = Merge(known, options);
        return new Deployment
        {
            Name = name,
            Account = account,
            Model = model,
            ModelId = options.ModelId ?? options.Model!,
            Regions = RegionsOf(options, all.Accounts[options.Account!]),
            Quality = options.Quality,
            Weight = options.Weight,
            Priority = options.Priority,
            MaxConcurrency = options.MaxConcurrency,
            Index = index,
            IsPricedByUser = IsPriced(options),
            Limits = Limits(options, model, all.Resilience?.Timeouts ?? new TimeoutOptions()),
        };
    }

    private static CallLimits Limits(DeploymentOptions options, ModelInfo model, TimeoutOptions timeouts) => new(
        options.AttemptTimeout ?? timeouts.Attempt,
        options.FirstTokenTimeout ?? (model.Capabilities.HasFlag(ModelCapabilities.Reasoning) ? timeouts.ReasoningFirstToken : timeouts.FirstToken),
        options.StallTimeout ?? timeouts.Stall,
        timeouts.Consumer,
        timeouts.MinCharactersPerSecond);

    private static string[] RegionsOf(DeploymentOptions options, AccountOptions account) =>
        [.. (options.Regions.Count > 0 ? options.Regions : account.Regions).Select(r => r.ToLowerInvariant())];

    // A region may have prices of its own: they are what routing and budgets reckon with there.
    private static ModelInfo Known(DeploymentOptions options, AccountOptions account, ModelCatalogue catalogue, DateTimeOffset now)
    {
        ModelInfo known = catalogue.Find(account.Provider!, options.Model!) ?? new ModelInfo { Provider = account.Provider!, Model = options.Model! };
        string? region = RegionsOf(options, account).FirstOrDefault();
        return known.PriceVariants.Any(v => v.Region is not null && string.Equals(v.Region, region, StringComparison.OrdinalIgnoreCase))
            ? known with { Prices = known.PricesAt(now, region) }
            : known;
    }

    private static ModelInfo Merge(ModelInfo known, DeploymentOptions options)
    {
        ModelCapabilities capabilities = options.Capabilities ?? known.Capabilities;
        bool isPriced = IsPriced(options);
        return known with
        {
            Kind = options.Kind ?? known.Kind,
            PriceVariants = isPriced ? []
                : HasSinglePrices(options) ? [.. known.PriceVariants.Select(v => v with { Prices = Merge(v.Prices, options) })]
                : known.PriceVariants,
            Prices = isPriced || HasSinglePrices(options) ? Merge(known.Prices, options) : known.Prices,
            ContextTokens = options.ContextTokens ?? known.ContextTokens,
            MaxOutputTokens = options.MaxOutputTokens ?? known.MaxOutputTokens,
            Capabilities = capabilities.HasFlag(ModelCapabilities.JsonSchema) ? capabilities | ModelCapabilities.Json : capabilities,
            IsSuspect = known.IsSuspect && !isPriced,
        };
    }

    private static bool IsPriced(DeploymentOptions options) => options.InputPrice is not null || options.OutputPrice is not null || options.RequestPrice is not null;

    private static bool HasSinglePrices(DeploymentOptions options) =>
        options.CacheReadPrice is not null || options.CacheWritePrice is not null || options.SearchPrice is not null;

    // The user's own input or output price stands for the whole price list: tiers and classes of another price would contradict it.
    private static ModelPrices Merge(ModelPrices known, DeploymentOptions options)
    {
        ModelPrices basis = options.InputPrice is null && options.OutputPrice is null ? known : ModelPrices.Unknown;
        return basis with
        {
            Input = options.InputPrice ?? known.Input,
            Output = options.OutputPrice ?? known.Output,
            CacheRead = options.CacheReadPrice ?? basis.CacheRead,
            CacheWrite = options.CacheWritePrice ?? basis.CacheWrite,
            PerRequest = options.RequestPrice ?? basis.PerRequest,
            PerSearch = options.SearchPrice,
        };
    }
}
