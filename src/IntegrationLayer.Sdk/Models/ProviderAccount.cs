using System.Text.Json.Serialization;

namespace IntegrationLayer.Sdk.Models;

/// <summary>An account at a provider, and how the gateway is told to use it. Holds secrets, which are never logged and which System.Text.Json leaves out.</summary>
public sealed class ProviderAccount
{
    /// <summary>Gets the unique name, such as <c>openai-prod</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the provider's slug, as Portkey names it.</summary>
    public required string Provider { get; init; }

    /// <summary>Gets the provider's API key, sent as <c>Authorization: Bearer</c>.</summary>
    [JsonIgnore]
    public string? ApiKey { get; init; }

    /// <summary>Gets the slug of a provider in Portkey's model catalogue (hosted only), without the leading <c>@</c>.</summary>
    public string? PortkeyProvider { get; init; }

    /// <summary>Gets the name of a Portkey virtual key (hosted only).</summary>
    [JsonIgnore]
    public string? VirtualKey { get; init; }

    /// <summary>Gets the id of a configuration saved at Portkey (hosted only), such as <c>pc-abc123</c>.</summary>
    [JsonIgnore]
    public string? ConfigId { get; init; }

    /// <summary>Gets the base address that replaces the provider's own, version included, such as <c>http://localhost:11434/v1</c>.</summary>
    public Uri? CustomHost { get; init; }

    /// <summary>Gets further headers that the provider needs, such as <c>x-portkey-aws-region</c>.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public override string ToString() => Name;
}
