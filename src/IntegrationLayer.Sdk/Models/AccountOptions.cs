namespace IntegrationLayer.Sdk.Models;

/// <summary>Settings of one account at a provider. Its name is its key in <see cref="IntegrationLayerOptions.Accounts"/>.</summary>
public sealed class AccountOptions
{
    /// <summary>Gets or sets the provider's slug, as Portkey names it, such as <c>openai</c>, <c>anthropic</c> or <c>vertex-ai</c>.</summary>
    public string? Provider { get; set; }

    /// <summary>Gets or sets the provider's API key.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Gets or sets the slug of a provider in Portkey's model catalogue (hosted Portkey only), with or without the leading <c>@</c>.</summary>
    public string? PortkeyProvider { get; set; }

    /// <summary>Gets or sets the name of a Portkey virtual key (hosted Portkey only).</summary>
    public string? VirtualKey { get; set; }

    /// <summary>Gets or sets the id of a configuration saved at Portkey (hosted Portkey only).</summary>
    public string? ConfigId { get; set; }

    /// <summary>Gets or sets the base address that replaces the provider's own, version included.</summary>
    public Uri? CustomHost { get; set; }

    /// <summary>Gets the models to route to, by the catalogue's names; <c>*</c> stands for every chat and embedding model of the provider with a price that can be trusted.</summary>
    public IList<string> Models { get; } = [];

    /// <summary>Gets the regions in which the account's deployments process requests.</summary>
    public IList<string> Regions { get; } = [];

    /// <summary>Gets further gateway headers that the provider needs, such as <c>x-portkey-aws-region</c>.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes the account that requests use.</summary>
    internal ProviderAccount ToAccount(string name) => new()
    {
        Name = name,
        Provider = Provider!,
        ApiKey = ApiKey,
        PortkeyProvider = PortkeyProvider?.TrimStart('@'),
        VirtualKey = VirtualKey,
        ConfigId = ConfigId,
        CustomHost = CustomHost,
        Headers = new Dictionary<string, string>(Headers, StringComparer.OrdinalIgnoreCase),
    };
}
