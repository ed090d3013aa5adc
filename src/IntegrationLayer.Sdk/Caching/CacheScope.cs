using System.Text.Json.Serialization;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Who may be given the same cached answer.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CacheScope>))]
public enum CacheScope
{
    /// <summary>All users of one tenant. Requests without a tenant are one of their own.</summary>
    Tenant = 0,

    /// <summary>One user of one tenant. A request without a user isn't cached.</summary>
    User,

    /// <summary>Everybody, whatever the tenant: only for requests whose prompts hold nothing of a tenant's.</summary>
    Shared,
}
