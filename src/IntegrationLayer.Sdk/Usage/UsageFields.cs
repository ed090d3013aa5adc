using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Usage;

/// <summary>
/// What a <see cref="UsageRecord"/> holds, as a value: what is kept in this process is written over what was kept before, and leaves nothing to collect.
/// What is often absent is kept without a flag of its own.
/// </summary>
[StructLayout(LayoutKind.Auto)]
[SuppressMessage("Design", "CA1051:Do not declare visible instance fields", Justification = "It is not visible outside the library.")]
internal struct UsageFields
{
    public static readonly UsageFields Empty = new()
    {
        RequestId = "",
        Outcome = "",
        Context = LlmRequestContext.Default,
        Attempts = [],
        TimeToFirstToken = null,
        MaxOutputTokens = null,
        Temperature = null,
    };

    public string RequestId;
    public string? TraceId;
    public LlmRequestContext Context;
    public TimeSpan Duration;
    public TimeSpan Overhead;
    public ModelKind Kind;
    public bool IsStreamed;
    public int MessageCount;
    public int ToolCount;
    public string? ModelRequested;
    public string? RoutingPolicy;
    public int CandidateCount;
    public string? Deployment;
    public string? Provider;
    public string? Model;
    public string? ModelServed;
    public string Outcome;
    public string? ErrorType;
    public string? FinishReason;
    public string? Cache;
    public PriceStatus PriceStatus;
    public long CostNanoUsd;
    public long WastedNanoUsd;
    public long ReservedNanoUsd;
    public long CacheSavingNanoUsd;
    public long PromptCacheSavingNanoUsd;
    public long RoutingSavingNanoUsd;
    public IReadOnlyList<LlmAttempt> Attempts;

    private const int None = -1;

    private long _startedAt;
    private int _timeToFirstToken;
    private int _maxOutputTokens;
    private float _temperature;
    private PackedTokens _tokens;

    public DateTimeOffset StartedAt
    {
        readonly get => new(_startedAt, TimeSpan.Zero);
        set => _startedAt = value.UtcTicks;
    }

    public TimeSpan? TimeToFirstToken
    {
        readonly get => _timeToFirstToken == None ? null : TimeSpan.FromMicroseconds(_timeToFirstToken);
        set => _timeToFirstToken = value is { } time ? (int)Math.Clamp(time.Ticks / TimeSpan.TicksPerMicrosecond, 0, int.MaxValue) : None;
    }

    public int? MaxOutputTokens
    {
        readonly get => _maxOutputTokens == None ? null : _maxOutputTokens;
        set => _maxOutputTokens = value ?? None;
    }

    public float? Temperature
    {
        readonly get => float.IsNaN(_temperature) ? null : _temperature;
        set => _temperature = value ?? float.NaN;
    }

    public TokenUsage Tokens
    {
        readonly get => _tokens.Unpack();
        set => _tokens = new PackedTokens(value);
    }
}
