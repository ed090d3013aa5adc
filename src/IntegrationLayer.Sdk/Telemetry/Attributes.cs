namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>Every attribute that an instrument may have.</summary>
internal static class Attributes
{
    public static readonly AttributeSpec Kind = AttributeSpec.Closed("gen_ai.operation.name", "chat", "embeddings");
    public static readonly AttributeSpec Operation = AttributeSpec.Open("integration_layer.operation", 51, "`Context.Operation`");
    public static readonly AttributeSpec Provider = AttributeSpec.Open("gen_ai.provider.name", 1, "the provider's slug");

    // A model is one provider's: the pair is bounded, not each by itself.
    public static readonly AttributeSpec Model = AttributeSpec.Open("gen_ai.request.model", 101, "the model that was sent; with its provider at most 101 pairs");
    public static readonly AttributeSpec Outcome = AttributeSpec.Closed("integration_layer.outcome", "success", "cached", "denied", "cancelled", "error");

    // An outcome allows some errors only: together they have at most as many values as there are errors, and three that are none.
    public static readonly AttributeSpec Error = new("error.type", Enum.GetValues<LlmErrorClass>().Length + 4, "an [error class](errors.md) in snake case, `budget_exceeded`, `no_eligible_model`, `abandoned` or `internal`; absent if nothing failed");
    public static readonly AttributeSpec Stream = AttributeSpec.Closed("integration_layer.stream", "true", "false");
    public static readonly AttributeSpec TokenType = AttributeSpec.Closed("gen_ai.token.type", "input", "output");
    public static readonly AttributeSpec Modality = AttributeSpec.Closed("gen_ai.token.modality", "text", "image", "audio", "unknown");
    public static readonly AttributeSpec Stage = AttributeSpec.Closed("integration_layer.stage", "cache", "route", "reserve", "attempt", "settle", "cache_write", "record");
    public static readonly AttributeSpec Result = AttributeSpec.Closed("integration_layer.result", "success", "error");
    public static readonly AttributeSpec FinishReason = AttributeSpec.Closed("gen_ai.response.finish_reason", "stop", "length", "tool_calls", "content_filter", "error", "other");
    public static readonly AttributeSpec UsageSource = AttributeSpec.Closed("integration_layer.usage.source", "provider", "stream", "none");
    public static readonly AttributeSpec Interruption = AttributeSpec.Closed(
        "integration_layer.reason", "network", "stream_stalled", "stream_truncated", "bad_output", "too_large", "timeout", "cancelled", "provider_unavailable", "other");
    public static readonly AttributeSpec Component = AttributeSpec.Closed(
        "integration_layer.cost.component", "input", "output", "cache_read", "cache_write", "reasoning", "audio", "image", "request", "search", "total");
    public static readonly AttributeSpec SavingReason = AttributeSpec.Closed("integration_layer.reason", "cache", "provider_cache", "route");
    public static readonly AttributeSpec WasteReason = AttributeSpec.Closed("integration_layer.reason", "retry", "fallback", "cancelled", "failed");
    public static readonly AttributeSpec UnpricedReason = AttributeSpec.Closed("integration_layer.reason", "model_unknown", "usage_missing");
    public static readonly AttributeSpec ScopeKind = AttributeSpec.Closed(
        "integration_layer.budget.scope", "organization", "tenant", "team", "user", "key", "model", "provider", "operation", "tag");
    public static readonly AttributeSpec BudgetDecision = AttributeSpec.Closed("integration_layer.decision", "allow", "deny");
    public static readonly AttributeSpec BudgetName = AttributeSpec.Open("integration_layer.budget.name", 101, "a name of `Telemetry:Budgets`");
    public static readonly AttributeSpec Settlement = AttributeSpec.Closed("integration_layer.outcome", "settled", "released", "expired", "failed");
    public static readonly AttributeSpec LimitKind = AttributeSpec.Closed("integration_layer.limit", "requests", "tokens", "concurrency");
    public static readonly AttributeSpec CacheLevel = AttributeSpec.Closed("integration_layer.cache.level", "exact", "semantic", "shared");
    public static readonly AttributeSpec CacheResult = AttributeSpec.Closed("integration_layer.cache.result", "hit", "miss", "stale", "error", "rejected");
    public static readonly AttributeSpec Policy = AttributeSpec.Open("integration_layer.route.policy", 16, "the routing policy's name");
    public static readonly AttributeSpec RouteReason = AttributeSpec.Closed("integration_layer.reason", "primary", "budget", "fallback", "hedge");
    public static readonly AttributeSpec Target = AttributeSpec.Open("integration_layer.deployment", 51, "the deployment's name");
    public static readonly AttributeSpec FallbackPair = AttributeSpec.Open("integration_layer.fallback.to", 51, "the deployment that was called next; with the one before at most 51 pairs");
    public static readonly AttributeSpec Health = AttributeSpec.Closed("integration_layer.health.kind", "deployment", "account", "gateway");
    public static readonly AttributeSpec HealthState = AttributeSpec.Closed(
        "integration_layer.health.state", "healthy", "degraded", "recovering", "half_open", "cooling", "open", "benched");
    public static readonly AttributeSpec HealthName = AttributeSpec.Open("integration_layer.health.name", 101, "the deployment's, account's or endpoint's name");
    public static readonly AttributeSpec Gateway = AttributeSpec.Open("integration_layer.gateway", 21, "the name of an [endpoint](gateways.md)");
    public static readonly AttributeSpec Account = AttributeSpec.Open("integration_layer.account", 51, "the account's name");
    public static readonly AttributeSpec Status = AttributeSpec.Open("http.response.status_code", 20, "the HTTP status");
    public static readonly AttributeSpec GatewayCache = AttributeSpec.Open("integration_layer.gateway.cache_status", 6, "what the gateway says its cache did, `none` if it doesn't");
    public static readonly AttributeSpec Slot = AttributeSpec.Closed("integration_layer.credential.slot", "current");
    public static readonly AttributeSpec Tenant = AttributeSpec.Open("integration_layer.tenant", 21, "a name of `Telemetry:Tenants`; absent when that is empty");
    public static readonly AttributeSpec Hedge = AttributeSpec.Closed("integration_layer.outcome", "won", "lost", "failed");
    public static readonly AttributeSpec EventType = AttributeSpec.Open("integration_layer.event", 12, "the type of the event");
}
