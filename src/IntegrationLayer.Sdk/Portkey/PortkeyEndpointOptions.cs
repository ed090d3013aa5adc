namespace IntegrationLayer.Sdk.Portkey;

/// <summary>One of several gateways; see <see cref="PortkeyOptions.Endpoints"/>.</summary>
public sealed class PortkeyEndpointOptions
{
    /// <summary>Gets or sets the address of the gateway, version included, such as <c>http://gateway-1:8787/v1/</c>.</summary>
    public Uri? Address { get; set; }

    /// <summary>Gets or sets what it is called in errors, metrics and states.</summary>
    /// <value>The default is the address's host and port.</value>
    public string? Name { get; set; }

    /// <summary>Gets or sets the Portkey API key for this gateway.</summary>
    /// <value>The default is <see cref="PortkeyOptions.ApiKey"/>, for hosted gateways only: no other is given a key that it has no use for.</value>
    public string? ApiKey { get; set; }

    /// <summary>Gets or sets whether it is Portkey's hosted gateway or an enterprise one.</summary>
    /// <value>The default is <see cref="PortkeyOptions.Hosted"/>, and if that isn't set either, by the address's host.</value>
    public bool? Hosted { get; set; }

    /// <summary>Gets the name in use.</summary>
    internal string EffectiveName => !string.IsNullOrWhiteSpace(Name) ? Name : Address is { IsAbsoluteUri: true } address ? address.Authority : "";
}
