using System.Diagnostics.CodeAnalysis;

namespace IntegrationLayer.Sdk.Usage;

/// <summary>A property of requests to group or filter them by.</summary>
public readonly record struct UsageDimension
{
    private const string TagPrefix = "tag:";
    private readonly string? _name;

    private UsageDimension(string name, string? tagKey = null)
    {
        _name = name;
        TagKey = tagKey;
    }

    /// <summary>Gets the tenant: <see cref="LlmRequestContext.TenantId"/>.</summary>
    public static UsageDimension Tenant { get; } = new("tenant");

    /// <summary>Gets the team: <see cref="LlmRequestContext.TeamId"/>.</summary>
    public static UsageDimension Team { get; } = new("team");

    /// <summary>Gets the user: <see cref="LlmRequestContext.UserId"/>.</summary>
    public static UsageDimension User { get; } = new("user");

    /// <summary>Gets the key of the caller: <see cref="LlmRequestContext.KeyId"/>.</summary>
    public static UsageDimension Key { get; } = new("key");

    /// <summary>Gets the kind of request: <see cref="LlmRequestContext.Operation"/>.</summary>
    public static UsageDimension Operation { get; } = new("operation");

    /// <summary>Gets the kind of model: <c>Chat</c>, <c>Embedding</c>.</summary>
    public static UsageDimension Kind { get; } = new("kind");

    /// <summary>Gets the provider's slug.</summary>
    public static UsageDimension Provider { get; } = new("provider");

    /// <summary>Gets the model identifier that was sent to the provider.</summary>
    public static UsageDimension Model { get; } = new("model");

    /// <summary>Gets the deployment's name.</summary>
    public static UsageDimension Deployment { get; } = new("deployment");

    /// <summary>Gets how the request ended: <see cref="UsageRecord.Outcome"/>.</summary>
    public static UsageDimension Outcome { get; } = new("outcome");

    /// <summary>Gets the class of the failure: <see cref="UsageRecord.ErrorType"/>.</summary>
    public static UsageDimension ErrorType { get; } = new("error_type");

    /// <summary>Gets what the cache did: <see cref="UsageRecord.Cache"/>.</summary>
    public static UsageDimension Cache { get; } = new("cache");

    /// <summary>Gets how far the cost can be trusted: <see cref="UsageRecord.PriceStatus"/>.</summary>
    public static UsageDimension PriceStatus { get; } = new("price_status");

    /// <summary>Gets the dimensions that are no tags.</summary>
    public static IReadOnlyList<UsageDimension> All { get; } =
        [Tenant, Team, User, Key, Operation, Kind, Provider, Model, Deployment, Outcome, ErrorType, Cache, PriceStatus];

    /// <summary>Gets the name, such as <c>tenant</c> or <c>tag:feature</c>.</summary>
    public string Name => _name ?? "";

    /// <summary>Gets the key of the tag; <see langword="null"/> unless it is one.</summary>
    public string? TagKey { get; }

    /// <summary>Gets the dimension of a tag: the values that <see cref="LlmRequestContext.Tags"/> has under a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The dimension.</returns>
    /// <exception cref="ArgumentException">The key is empty.</exception>
    public static UsageDimension Tag(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return new UsageDimension(TagPrefix + key, key);
    }

    /// <summary>Reads a dimension's name.</summary>
    /// <param name="name">The name: one of those of <see cref="All"/>, or <c>tag:</c> and a key.</param>
    /// <param name="dimension">Receives the dimension.</param>
    /// <returns>Whether there is a dimension of that name.</returns>
    public static bool TryParse([NotNullWhen(true)] string? name, out UsageDimension dimension)
    {
        if (name is not null && name.Length > TagPrefix.Length && name.StartsWith(TagPrefix, StringComparison.Ordinal))
        {
            dimension = Tag(name[TagPrefix.Length..]);
            return true;
        }

        foreach (UsageDimension known in All)
        {
            if (known.Name == name)
            {
                dimension = known;
                return true;
            }
        }

        dimension = default;
        return false;
    }

    /// <summary>Gets a record's value.</summary>
    /// <param name="record">The record.</param>
    /// <returns>The value; empty if it has none.</returns>
    public string ValueOf(UsageRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        LlmRequestContext context = record.Context;
        string? value = TagKey is not null ? context.Tags.GetValueOrDefault(TagKey) : _name switch
        {
            "tenant" => context.TenantId,
            "team" => context.TeamId,
            "user" => context.UserId,
            "key" => context.KeyId,
            "operation" => context.Operation,
            "kind" => record.Kind.ToString(),
            "provider" => record.Provider,
            "model" => record.Model,
            "deployment" => record.Deployment,
            "outcome" => record.Outcome,
            "error_type" => record.ErrorType,
            "cache" => record.Cache,
            "price_status" => record.PriceStatus.ToString(),
            _ => null,
        };
        return value ?? "";
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
