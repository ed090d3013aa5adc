using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Usage;

/// <summary>Everything worth keeping of one request: who asked, where it went, how it ended, what it used and cost. One for each request, however it ended.</summary>
/// <remarks>It holds neither prompts nor answers. Money is in whole billionths of a US dollar. Immutable once made; about 300 bytes.</remarks>
public sealed class UsageRecord
{
    private readonly UsageFields _fields = UsageFields.Empty;

    /// <summary>Gets the SDK's identifier of the request. Unique: a store counts it once.</summary>
    public required string RequestId
    {
        get => _fields.RequestId;
        init => _fields.RequestId = value;
    }

    /// <summary>Gets the identifier that ties the request to the caller's trace.</summary>
    public string? TraceId
    {
        get => _fields.TraceId;
        init => _fields.TraceId = value;
    }

    /// <summary>Gets who asked, and for what purpose: tenant, team, user, operation, tags.</summary>
    public LlmRequestContext Context
    {
        get => _fields.Context;
        init => _fields.Context = value;
    }

    /// <summary>Gets when the request began.</summary>
    public required DateTimeOffset StartedAt
    {
        get => _fields.StartedAt;
        init => _fields.StartedAt = value;
    }

    /// <summary>Gets the time from the call to the end of the answer, or to the failure.</summary>
    public TimeSpan Duration
    {
        get => _fields.Duration;
        init => _fields.Duration = value;
    }

    /// <summary>Gets the time from the call to the first content; <see langword="null"/> unless streamed. In whole microseconds, at most 35 minutes.</summary>
    public TimeSpan? TimeToFirstToken
    {
        get => _fields.TimeToFirstToken;
        init => _fields.TimeToFirstToken = value;
    }

    /// <summary>Gets the part of <see cref="Duration"/> spent in the SDK itself.</summary>
    public TimeSpan Overhead
    {
        get => _fields.Overhead;
        init => _fields.Overhead = value;
    }

    /// <summary>Gets the kind of model that the request was for.</summary>
    public ModelKind Kind
    {
        get => _fields.Kind;
        init => _fields.Kind = value;
    }

    /// <summary>Gets a value indicating whether the answer was streamed.</summary>
    public bool IsStreamed
    {
        get => _fields.IsStreamed;
        init => _fields.IsStreamed = value;
    }

    /// <summary>Gets how many messages the request had.</summary>
    public int MessageCount
    {
        get => _fields.MessageCount;
        init => _fields.MessageCount = value;
    }

    /// <summary>Gets how many tools the request offered.</summary>
    public int ToolCount
    {
        get => _fields.ToolCount;
        init => _fields.ToolCount = value;
    }

    /// <summary>Gets the cap on the answer that the caller gave.</summary>
    public int? MaxOutputTokens
    {
        get => _fields.MaxOutputTokens;
        init => _fields.MaxOutputTokens = value;
    }

    /// <summary>Gets the sampling temperature that the caller gave.</summary>
    public float? Temperature
    {
        get => _fields.Temperature;
        init => _fields.Temperature = value;
    }

    /// <summary>Gets the model that the caller asked for by name; <see langword="null"/> when routing chose freely.</summary>
    public string? ModelRequested
    {
        get => _fields.ModelRequested;
        init => _fields.ModelRequested = value;
    }

    /// <summary>Gets the name of the routing policy; <see langword="null"/> when nothing was routed.</summary>
    public string? RoutingPolicy
    {
        get => _fields.RoutingPolicy;
        init => _fields.RoutingPolicy = value;
    }

    /// <summary>Gets how many deployments met the requirements.</summary>
    public int CandidateCount
    {
        get => _fields.CandidateCount;
        init => _fields.CandidateCount = value;
    }

    /// <summary>Gets the name of the deployment that answered, or of the last one that was called; <see langword="null"/> when none was.</summary>
    public string? Deployment
    {
        get => _fields.Deployment;
        init => _fields.Deployment = value;
    }

    /// <summary>Gets the slug of that deployment's provider.</summary>
    public string? Provider
    {
        get => _fields.Provider;
        init => _fields.Provider = value;
    }

    /// <summary>Gets the model identifier that was sent to the provider.</summary>
    public string? Model
    {
        get => _fields.Model;
        init => _fields.Model = value;
    }

    /// <summary>Gets the model that the provider says has answered.</summary>
    public string? ModelServed
    {
        get => _fields.ModelServed;
        init => _fields.ModelServed = value;
    }

    /// <summary>Gets how the request ended: <c>success</c>, <c>cached</c>, <c>cancelled</c>, <c>denied</c> or <c>error</c>.</summary>
    public required string Outcome
    {
        get => _fields.Outcome;
        init => _fields.Outcome = value;
    }

    /// <summary>Gets the class of the failure, as in metrics; <see langword="null"/> when it succeeded.</summary>
    public string? ErrorType
    {
        get => _fields.ErrorType;
        init => _fields.ErrorType = value;
    }

    /// <summary>Gets the HTTP status of the last call, if an answer came.</summary>
    public int? StatusCode => Attempts.Count > 0 ? Attempts[^1].StatusCode : null;

    /// <summary>Gets why the model stopped, such as <c>stop</c>, <c>length</c> or <c>tool_calls</c>.</summary>
    public string? FinishReason
    {
        get => _fields.FinishReason;
        init => _fields.FinishReason = value;
    }

    /// <summary>Gets what the cache did, such as <c>hit</c>, <c>miss</c> or <c>bypassed</c>; <see langword="null"/> when the request ended before that was known.</summary>
    public string? Cache
    {
        get => _fields.Cache;
        init => _fields.Cache = value;
    }

    /// <summary>Gets what the answer is billed for. Counts over 2,147,483,647 are cut to that.</summary>
    public TokenUsage Tokens
    {
        get => _fields.Tokens;
        init => _fields.Tokens = value;
    }

    /// <summary>Gets how far <see cref="CostNanoUsd"/> can be trusted.</summary>
    public PriceStatus PriceStatus
    {
        get => _fields.PriceStatus;
        init => _fields.PriceStatus = value;
    }

    /// <summary>Gets what the caller pays for the request, over all attempts. Zero when <see cref="PriceStatus"/> is <see cref="PriceStatus.Unknown"/>.</summary>
    public long CostNanoUsd
    {
        get => _fields.CostNanoUsd;
        init => _fields.CostNanoUsd = value;
    }

    /// <summary>Gets the part of <see cref="CostNanoUsd"/> that bought nothing: calls that failed.</summary>
    public long WastedNanoUsd
    {
        get => _fields.WastedNanoUsd;
        init => _fields.WastedNanoUsd = value;
    }

    /// <summary>Gets what was held back in the budgets for the last call.</summary>
    public long ReservedNanoUsd
    {
        get => _fields.ReservedNanoUsd;
        init => _fields.ReservedNanoUsd = value;
    }

    /// <summary>Gets what the SDK's cache saved.</summary>
    public long CacheSavingNanoUsd
    {
        get => _fields.CacheSavingNanoUsd;
        init => _fields.CacheSavingNanoUsd = value;
    }

    /// <summary>Gets what the provider's prompt cache saved.</summary>
    public long PromptCacheSavingNanoUsd
    {
        get => _fields.PromptCacheSavingNanoUsd;
        init => _fields.PromptCacheSavingNanoUsd = value;
    }

    /// <summary>Gets what routing saved.</summary>
    public long RoutingSavingNanoUsd
    {
        get => _fields.RoutingSavingNanoUsd;
        init => _fields.RoutingSavingNanoUsd = value;
    }

    /// <summary>Gets the calls that were made, in order.</summary>
    public IReadOnlyList<LlmAttempt> Attempts
    {
        get => _fields.Attempts;
        init => _fields.Attempts = value;
    }

    internal UsageFields Fields
    {
        get => _fields;
        init => _fields = value;
    }

    /// <summary>Makes a record of its fields.</summary>
    internal static UsageRecord Of(in UsageFields fields) =>
        new() { RequestId = fields.RequestId, Outcome = fields.Outcome, StartedAt = fields.StartedAt, Fields = fields };

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{StartedAt:O} {RequestId} {Outcome} {Deployment} {NanoUsd.ToUsd(CostNanoUsd)} USD");
}
