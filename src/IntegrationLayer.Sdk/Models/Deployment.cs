namespace IntegrationLayer.Sdk.Models;

/// <summary>A model that requests may be sent to through one account: what routing chooses among.</summary>
public sealed class Deployment
{
    /// <summary>Gets the unique name.</summary>
    /// <value>The default is the account's name, a slash and the model: <c>openai-prod/gpt-4o-mini</c>.</value>
    public required string Name { get; init; }

    /// <summary>Gets the account that pays for it and whose credentials it uses.</summary>
    public required ProviderAccount Account { get; init; }

    /// <summary>Gets what is known of the model: prices, context, capabilities.</summary>
    public required ModelInfo Model { get; init; }

    /// <summary>Gets the identifier sent to the provider.</summary>
    /// <value>The default is the catalogue's name of the model.</value>
    public required string ModelId { get; init; }

    /// <summary>Gets the provider's slug.</summary>
    public string Provider => Account.Provider;

    /// <summary>Gets the regions in which the deployment processes requests, lower-case; empty when the user configured none.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>Gets the quality that the user gave it, from 0 to 1.</summary>
    /// <value>The default is 0.5.</value>
    public double Quality { get; init; } = 0.5;

    /// <summary>Gets its share of traffic under the policy <c>Weighted</c>, relative to the others.</summary>
    /// <value>The default is 1.</value>
    public double Weight { get; init; } = 1;

    /// <summary>Gets its rank under the policy <c>Priority</c>; lower is first.</summary>
    /// <value>The default is 0.</value>
    public int Priority { get; init; }

    /// <summary>Gets how many calls to it may be under way at once in this process.</summary>
    /// <value><see langword="null"/>, the default, for any number.</value>
    public int? MaxConcurrency { get; init; }
    /// <summary>Gets how long the parts of a call to it may take.</summary>
    internal CallLimits Limits { get; init; } = CallLimits.Default;

    /// <summary>Gets its position in the configuration snapshot it belongs to.</summary>
    public int Index { get; init; }

    /// <summary>Gets a value indicating whether the user gave its prices, which then hold in every region and service tier.</summary>
    internal bool IsPricedByUser { get; init; }

    /// <summary>Gets the hash of its name, the same in every process.</summary>
    internal ulong Hash => field != 0 ? field : field = StableHash.Of(Name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
