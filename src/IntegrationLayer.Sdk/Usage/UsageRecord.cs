using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Usage;

/// <summary>Everything worth keeping of one request: who asked, where it went, how it ended, what it used and cost. One for each request, however it ended.</summary>
/// <remarks>It holds neither prompts nor answers. Money is in whole billionths of a US dollar. Immutable once made; about 300 bytes.</remarks>
public sealed class UsageRecord
{
    private const int None = -1;

    private readonly long _startedAt;
    private readonly int _timeToFirstToken = None;
    private readonly int _maxOutputTokens = None;
    private readonly float _temperature = float.NaN;
    private readonly PackedTokens _tokens;

    /// <summary>Gets the SDK's identifier of the request. Unique: a store counts it once.</summary>
    public required string RequestId { get; init; }

    /// <summary>Gets the identifier that ties the request to the caller's trace.</summary>
    public string? TraceId { get; init; }

    /// <summary>Gets who asked, and for what purpose: tenant, team, user, operation, tags.</summary>
    public LlmRequestContext Context { get; init; } = LlmRequestContext.Default;

    /// <summary>Gets when the request began.</summary>
    public required DateTimeOffset StartedAt
    {
        get => new(_startedAt, TimeSpan.Zero);
        init => _startedAt = value.UtcTicks;
    }

    /// <summary>Gets the time from the call to the end of the answer, or to the failure.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Gets the time from the call to the first content; <see langword="null"/> unless streamed. In whole microseconds, at most 35 minutes.</summary>
    public TimeSpan? TimeToFirstToken
    {
        get => _timeToFirstToken == None ? null : TimeSpan.FromMicroseconds(_timeToFirstToken);
        init => _timeToFirstToken = value is { } time ? (int)Math.Clamp(time.Ticks / TimeSpan.TicksPerMicrosecond, 0, int.MaxValue) : None;
    }

    /// <summary>Gets the part of <see cref="Duration"/> spent in the SDK itself.</summary>
    public TimeSpan Overhead { get; init; }

    /// <summary>Gets the kind of model that the request was for.</summary>
    public ModelKind Kind { get; init; }

    /// <summary>Gets a value indicating whether the answer was streamed.</summary>
    public bool IsStreamed { get; init; }

    /// <summary>Gets how many messages the request had.</summary>
    public int MessageCount { get; init; }

    /// <summary>Gets how many tools the request offered.</summary>
    public int ToolCount { get; init; }

    /// <summary>Gets the cap on the answer that the caller gave.</summary>
    public int? MaxOutputTokens
    {
        get => _maxOutputTokens == None ? null : _maxOutputTokens;
        init => _maxOutputTokens = value ?? None;
    }

    /// <summary>Gets the sampling temperature that the caller gave.</summary>
    public float? Temperature
    {
        get => float.IsNaN(_temperature) ? null : _temperature;
        init => _temperature = value ?? float.NaN;
    }

    /// <summary>Gets the model that the caller asked for by name; <see langword="null"/> when routing chose freely.</summary>
    public string? ModelRequested { get; init; }

    /// <summary>Gets the name of the routing policy; <see langword="null"/> when nothing was routed.</summary>
    public string? RoutingPolicy { get; init; }

    /// <summary>Gets how many deployments met the requirements.</summary>
    public int CandidateCount { get; init; }

    /// <summary>Gets the name of the deployment that answered, or of the last one that was called; <see langword="null"/> when none was.</summary>
    public string? Deployment { get; init; }

    /// <summary>Gets the slug of that deployment's provider.</summary>
    public string? Provider { get; init; }

    /// <summary>Gets the model identifier that was sent to the provider.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the model that the provider says has answered.</summary>
    public string? ModelServed { get; init; }

    /// <summary>Gets how the request ended: <c>success</c>, <c>cached</c>, <c>cancelled</c>, <c>denied</c> or <c>error</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Gets the class of the failure, as in metrics; <see langword="null"/> when it succeeded.</summary>
    public string? ErrorType { get; init; }

    /// <summary>Gets the HTTP status of the last call, if an answer came.</summary>
    public int? StatusCode => Attempts.Count > 0 ? Attempts[^1].StatusCode : null;

    /// <summary>Gets why the model stopped, such as <c>stop</c>, <c>length</c> or <c>tool_calls</c>.</summary>
    public string? FinishReason { get; init; }

    /// <summary>Gets what the cache did, such as <c>hit</c>, <c>miss</c> or <c>bypassed</c>; <see langword="null"/> when the request ended before that was known.</summary>
    public string? Cache { get; init; }

    /// <summary>Gets what the answer is billed for. Counts over 2,147,483,647 are cut to that.</summary>
    public TokenUsage Tokens
    {
        get => _tokens.Unpack();
        init => _tokens = new PackedTokens(value);
    }

    /// <summary>Gets how far <see cref="CostNanoUsd"/> can be trusted.</summary>
    public PriceStatus PriceStatus { get; init; }

    /// <summary>Gets what the caller pays for the request, over all attempts. Zero when <see cref="PriceStatus"/> is <see cref="PriceStatus.Unknown"/>.</summary>
    public long CostNanoUsd { get; init; }

    /// <summary>Gets the part of <see cref="CostNanoUsd"/> that bought nothing: calls that failed.</summary>
    public long WastedNanoUsd { get; init; }

    /// <summary>Gets what was held back in the budgets for the last call.</summary>
    public long ReservedNanoUsd { get; init; }

    /// <summary>Gets what the SDK's cache saved.</summary>
    public long CacheSavingNanoUsd { get; init; }

    /// <summary>Gets what the provider's prompt cache saved.</summary>
    public long PromptCacheSavingNanoUsd { get; init; }

    /// <summary>Gets what routing saved.</summary>
    public long RoutingSavingNanoUsd { get; init; }

    /// <summary>Gets the calls that were made, in order.</summary>
    public IReadOnlyList<LlmAttempt> Attempts { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{StartedAt:O} {RequestId} {Outcome} {Deployment} {NanoUsd.ToUsd(CostNanoUsd)} USD");
}
