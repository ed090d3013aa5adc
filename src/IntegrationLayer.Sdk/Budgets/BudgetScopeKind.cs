using System.Text.Json.Serialization;

namespace IntegrationLayer.Sdk.Budgets;

/// <summary>What kind of thing a budget belongs to.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BudgetScopeKind>))]
public enum BudgetScopeKind
{
    /// <summary>Everybody together.</summary>
    Organization = 0,

    /// <summary>A tenant: <see cref="LlmRequestContext.TenantId"/>.</summary>
    Tenant,

    /// <summary>A team: <see cref="LlmRequestContext.TeamId"/>.</summary>
    Team,

    /// <summary>A user: <see cref="LlmRequestContext.UserId"/>.</summary>
    User,

    /// <summary>The key by which a caller identified itself to the application: <see cref="LlmRequestContext.KeyId"/>.</summary>
    Key,

    /// <summary>A model, by its name in the catalogue or the identifier that its provider knows it by.</summary>
    Model,

    /// <summary>A provider, by its slug.</summary>
    Provider,

    /// <summary>A kind of request: <see cref="LlmRequestContext.Operation"/>.</summary>
    Operation,

    /// <summary>A label: one entry of <see cref="LlmRequestContext.Tags"/>, written <c>name=value</c>.</summary>
    Tag,
}
