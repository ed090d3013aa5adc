using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Portkey;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Routing;
using IntegrationLayer.Sdk.Telemetry;
using IntegrationLayer.Sdk.Usage;

namespace IntegrationLayer.Sdk;

/// <summary>Settings of the SDK. Checked when the application starts; may be reloaded while it runs.</summary>
public sealed class IntegrationLayerOptions
{
    /// <summary>Gets or sets how to reach Portkey.</summary>
    public PortkeyOptions Portkey { get; set; } = new();

    /// <summary>Gets the accounts at providers, by name.</summary>
    public IDictionary<string, AccountOptions> Accounts { get; } = new Dictionary<string, AccountOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the deployments that differ from the catalogue or from their account; those listed in <see cref="AccountOptions.Models"/> need no entry.</summary>
    public IList<DeploymentOptions> Deployments { get; } = [];

    /// <summary>Gets names for groups of deployments or models: a request that names an alias is routed among its members.</summary>
    public IDictionary<string, IList<string>> Aliases { get; } = new Dictionary<string, IList<string>>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets groups of regions: a request that allows the group allows its members, such as <c>eu</c> for <c>eu-west-1</c> and <c>eu-central-1</c>.</summary>
    public IDictionary<string, IList<string>> RegionGroups { get; } = new Dictionary<string, IList<string>>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets or sets the name of the policy that orders deployments.</summary>
    /// <value>The default is <see cref="RoutingPolicies.LowestCost"/>.</value>
    public string RoutingPolicy { get; set; } = RoutingPolicies.LowestCost;

    /// <summary>Gets or sets how many calls may be made for one request.</summary>
    /// <value>From 1 to 10; the default is 4: two deployments are called twice each before a request fails. <see cref="Resilience"/> says when it may be less.</value>
    public int MaxAttempts { get; set; } = 4;

    /// <summary>Gets or sets how long a request may take, over all attempts.</summary>
    /// <value>From 1 ms to 1 day; the default is 2 minutes.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Gets or sets what to do with a deployment whose price nobody knows.</summary>
    /// <value>The default is <see cref="UnknownPricePolicy.Deny"/>.</value>
    public UnknownPricePolicy UnknownPrices { get; set; }

    /// <summary>Gets or sets how many output tokens to reckon with when the caller gives no <c>MaxOutputTokens</c>, at most the model's own maximum.</summary>
    /// <value>From 1 to 10,000,000; the default is 4,096.</value>
    public int DefaultMaxOutputTokens { get; set; } = 4_096;

    /// <summary>Gets or sets the model that savings are reckoned against: what you would call without the SDK, as <c>provider/model</c> of the catalogue or the name of a deployment or of its model.</summary>
    /// <value>When <see langword="null"/>, the dearest deployment that could have served the request. Requests for another kind of model (embeddings) always use that.</value>
    public string? ReferenceModel { get; set; }

    /// <summary>Gets or sets what is kept of the requests that were made.</summary>
    public UsageOptions Usage { get; set; } = new();

    /// <summary>Gets or sets what is measured.</summary>
    public TelemetryOptions Telemetry { get; set; } = new();

    /// <summary>Gets or sets the path of a catalogue file that replaces the embedded one; it is reloaded when it changes.</summary>
    public string? CatalogueFile { get; set; }

    /// <summary>Gets or sets whether the beginnings of prompts are marked for providers whose prompt cache keeps only what is marked.</summary>
    /// <value>The default is <see cref="PromptCachingMode.WhenRepeated"/>.</value>
    public PromptCachingMode PromptCaching { get; set; }

    /// <summary>Gets or sets how requests are spread over deployments that are equally good for them.</summary>
    public LoadBalancingOptions LoadBalancing { get; set; } = new();

    /// <summary>Gets or sets how the SDK keeps answering when providers, accounts or gateways fail.</summary>
    public ResilienceOptions Resilience { get; set; } = new();

    /// <summary>Gets or sets the budgets that hold for all requests.</summary>
    public BudgetOptions Budgets { get; set; } = new();
}
