namespace IntegrationLayer.Sdk;

/// <summary>Who asks, for what purpose, and by when the answer is due.</summary>
/// <remarks>
/// Budgets, cache partitions, usage records and the gateway's metadata use it. Only <see cref="Operation"/> becomes a metric dimension:
/// keep it to a small closed set of names.
/// </remarks>
public sealed record LlmRequestContext
{
    /// <summary>Gets the context of requests that give none.</summary>
    public static LlmRequestContext Default { get; } = new();

    /// <summary>Gets the tenant on whose behalf the request is made: the cache's partition.</summary>
    public string? TenantId { get; init; }

    /// <summary>Gets the user who asks.</summary>
    public string? UserId { get; init; }

    /// <summary>Gets the team that the user belongs to.</summary>
    public string? TeamId { get; init; }

    /// <summary>Gets the name of the key by which the caller identified itself to the application, never the key itself: budgets and usage records go by it.</summary>
    public string? KeyId { get; init; }

    /// <summary>Gets an identifier that the requests of one conversation share: among equally good deployments they go to the same one, which may have cached what came before.</summary>
    /// <value>When <see langword="null"/>, the default, each request is placed by itself. It isn't sent anywhere.</value>
    public string? SessionId { get; init; }

    /// <summary>Gets a name for this kind of request, such as <c>summarize-invoice</c>.</summary>
    /// <value>The default is <c>default</c>.</value>
    public string Operation { get; init; } = "default";

    /// <summary>Gets free labels for usage records and the gateway's metadata; at most 16, keys and values of at most 128 characters.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Gets the identifier that ties the request to the caller's trace; sent to the gateway.</summary>
    /// <value>When <see langword="null"/>, the current <see cref="System.Diagnostics.Activity"/>'s trace id, or else a new identifier.</value>
    public string? TraceId { get; init; }

    /// <summary>Gets how long the request may take, over all attempts.</summary>
    /// <value>When <see langword="null"/>, <see cref="IntegrationLayerOptions.Timeout"/> applies; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> means without end.</value>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Gets the moment by which the answer is due, over all attempts. The earlier of it and <see cref="Timeout"/> applies.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Gets a key that is the same for every repetition of one logical request; sent to the gateway as <c>Idempotency-Key</c>.</summary>
    public string? IdempotencyKey { get; init; }
}
