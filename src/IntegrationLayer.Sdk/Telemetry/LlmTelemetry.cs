using System.Diagnostics;
using System.Diagnostics.Metrics;
using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.Compliance.Redaction;

namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>Turns finished requests into metrics and spans. Names follow OpenTelemetry's GenAI conventions; the SDK's own begin with <c>integration_layer.</c></summary>
/// <remarks>What has no listener is neither looked up nor built. <see cref="InstrumentTable"/> declares all that is recorded.</remarks>
internal sealed class LlmTelemetry : IDisposable
{
    private const string OptIn = "OTEL_SEMCONV_STABILITY_OPT_IN";
    private const string Capture = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";
    private const string Latest = "gen_ai_latest_experimental";

    private static readonly KeyValuePair<string, object?> Retry = new(Attributes.WasteReason.Name, "retry");
    private static readonly KeyValuePair<string, object?> Fallback = new(Attributes.WasteReason.Name, "fallback");
    private static readonly KeyValuePair<string, object?> Failed = new(Attributes.WasteReason.Name, "failed");
    private static readonly KeyValuePair<string, object?> Cancelled = new(Attributes.WasteReason.Name, "cancelled");

    private readonly TagSets<(string From, string To)> _fallbacks = new(
        static _ => (AttributeSpec.Other, AttributeSpec.Other), static key => [new(Attributes.Target.Name, key.From), new(Attributes.FallbackPair.Name, key.To)], Attributes.FallbackPair.Maximum - 1);

    private readonly TagSets<(string Target, string Error)> _retries = new(
        static key => (AttributeSpec.Other, key.Error), static key => [new(Attributes.Target.Name, key.Target), new(Attributes.Error.Name, key.Error)]);

    public LlmTelemetry(IMeterFactory meters, TelemetryOptions options, Redactor? redactor = null)
    {
        Level = options.Level;
        bool isLatest = options.UseLatestConventions
            ?? Environment.GetEnvironmentVariable(OptIn)?.Split(',', StringSplitOptions.TrimEntries).Contains(Latest) is true;
        Instruments = new Instruments(new InstrumentFactory(meters.Create(new MeterOptions(IntegrationLayerDiagnostics.MeterName)), Level, isLatest));
        Tags = new TagTable(options.Tenants);
        bool captures = options.CaptureContent ?? (bool.TryParse(Environment.GetEnvironmentVariable(Capture), out bool isOptedIn) && isOptedIn);
        Content = captures ? new ContentCapture(redactor ?? NullRedactor.Instance) : null;
        Budgets = new HashSet<string>(options.Budgets, StringComparer.Ordinal);
    }

    /// <summary>Gets how much is measured.</summary>
    public TelemetryLevel Level { get; }

    /// <summary>Gets the names of the budgets whose utilization is reported.</summary>
    public IReadOnlySet<string> Budgets { get; }

    public Instruments Instruments { get; }

    /// <summary>Gets what puts content on spans; <see langword="null"/> unless that was opted in to.</summary>
    public ContentCapture? Content { get; }

    public TagTable Tags { get; }

    /// <summary>Gets the sets of attributes that only the level Full has.</summary>
    public DetailTags Details { get; } = new();

    /// <summary>Gets what makes spans.</summary>
    public RequestSpans Spans { get; } = new();

    /// <summary>Gets the names of deployments that may be reported.</summary>
    public ValueGuard Targets { get; } = new(Attributes.Target.Maximum);

    /// <summary>Gets the names of what has a health that may be reported, by kind: each of the three has a share.</summary>
    public ValueGuard[] HealthNames { get; } = [new(Attributes.HealthName.Maximum / 2), new(Attributes.HealthName.Maximum / 4), new(Attributes.HealthName.Maximum / 4)];

    /// <summary>Says whether somebody wants to know of a request what only the level Full tells.</summary>
    public bool IsDetailed(Activity? span) => Level is TelemetryLevel.Full && (span is { IsAllDataRequested: true } || Instruments.IsDetailed);

    /// <summary>Counts a look into the cache.</summary>
    public void LookedUp(string level, string result)
    {
        if (Instruments.CacheLookups is { Enabled: true } lookups)
        {
            lookups.Add(1, CacheTags.Of(level, result));
        }
    }

    /// <summary>Counts a request that all who could serve it were ill, resting or full for.</summary>
    public void NobodyAvailable(LlmRequest request)
    {
        if (Instruments.CircuitRejections is { Enabled: true } rejections)
        {
            rejections.Add(1, Tags.Of(request).Asked);
        }
    }

    /// <summary>Counts a second call that was made because the first was slow.</summary>
    public void Hedged(string outcome) => Instruments.Hedges?.Add(1, new KeyValuePair<string, object?>(Attributes.Hedge.Name, outcome));

    /// <summary>Counts a stream that broke off and was continued.</summary>
    public void Interrupted(Deployment called, LlmErrorClass error)
    {
        if (Instruments.Interruptions is { Enabled: true })
        {
            Interrupted(Tags.Of(called), LlmErrorTypes.NameOf(error));
        }
    }

    /// <summary>Reports a finished request.</summary>
    public void Report(CallRecord call)
    {
        if (call.Activity is { } activity)
        {
            RequestSpans.Describe(activity, call);
            if (activity.IsAllDataRequested)
            {
                Content?.Asked(activity, call.Request);
            }
        }

        ReportRequest(call);
        if (call.Called is { } called)
        {
            ReportCalls(call, called);
        }

        if (call is { ErrorType: null, Receipt: { } receipt })
        {
            ReportSaving(call.Request, receipt);
        }
    }

    public void Dispose() => Spans.Dispose();

    private void ReportRequest(CallRecord call)
    {
        Instruments to = Instruments;
        if (to.Requests is { Enabled: true } || to.RequestDuration is { Enabled: true } || to.Overhead is { Enabled: true })
        {
            RequestTags tags = Tags.Of(call.Request);
            to.Requests?.Add(1, tags.Ended(call.Outcome, call.ErrorType));
            to.RequestDuration?.Record(call.Duration.TotalSeconds, tags.Lasted(call.Outcome, call.IsStreamed));
            to.Overhead?.Record(call.Overhead.TotalSeconds, tags.Asked);
        }
    }

    private void ReportCalls(CallRecord call, Deployment called)
    {
        Instruments to = Instruments;
        if (to.OperationDuration is { Enabled: true } || to.Cost is { Enabled: true } || to.FirstChunk is { Enabled: true }
            || to.Tokens is { Enabled: true } || to.LatestInput is { Enabled: true } || to.LatestInputSize is { Enabled: true })
        {
            ReportModel(call, Tags.Of(called));
        }

        if (call.Attempts.Count > 1 || call.ErrorType is not null)
        {
            ReportTrouble(call, called);
        }

        if (to.Unpriced is { Enabled: true } && call.Receipt is { Cost.IsExact: false } receipt)
        {
            to.Unpriced.Add(1, new KeyValuePair<string, object?>(Attributes.UnpricedReason.Name, receipt.Cost.Status is PriceStatus.Unknown ? "model_unknown" : "usage_missing"));
        }
    }

    private void ReportModel(CallRecord call, ModelTags tags)
    {
        Instruments to = Instruments;
        LlmAttempt last = call.Attempts[^1];
        to.OperationDuration?.Record(
            last.Duration.TotalSeconds, last.Error is LlmErrorClass.None ? tags.Called : tags.Marked(Attributes.Error, LlmErrorTypes.NameOf(last.Error)));
        if (call.TimeToFirstToken is { } first)
        {
            to.FirstChunk?.Record(first.TotalSeconds, tags.Called);
        }

        if (to.Cost is { Enabled: true } cost)
        {
            ReportCost(call, cost);
        }

        if (call is { IsCounted: true, Receipt: { } receipt })
        {
            to.Tokens?.Record(receipt.Tokens.TotalInput, tags.Input);
            to.Tokens?.Record(receipt.Tokens.TotalOutput, tags.Output);
        }

        if (to.LatestInput is not null)
        {
            LatestUsage.Report(to, tags, call.Receipt?.Tokens ?? default);
        }
    }

    // Each call at whoever is paid for it.
    private void ReportCost(CallRecord call, Counter<double> cost)
    {
        for (int i = 0; i < call.Attempts.Count; i++)
        {
            if (call.Attempts[i].Cost.Usd is > 0 and var usd && !call.HasSplitCost(i))
            {
                ModelTags tags = Tags.Of(call.CalledBy(i));
                cost.Add((double)usd, Tags.HasTenants ? Tags.CostOf(tags, call.Request.Context.TenantId) : tags.Total);
            }
        }
    }

    private void ReportTrouble(CallRecord call, Deployment called)
    {
        Instruments to = Instruments;
        IReadOnlyList<LlmAttempt> attempts = call.Attempts;
        KeyValuePair<string, object?> kind = new(Attributes.Kind.Name, TagTable.NameOf(call.Request.Kind));
        for (int i = 0; i < attempts.Count; i++)
        {
            LlmAttempt attempt = attempts[i];
            LlmAttempt? next = i + 1 < attempts.Count ? attempts[i + 1] : null;
            bool isRepeated = next?.Deployment == attempt.Deployment;

            // A second call made while the first was under way is neither a retry nor a fallback.
            bool isOneAfterTheOther = next is not null && !attempt.IsHedge && !next.IsHedge;
            if (isOneAfterTheOther && isRepeated && to.Retries is { Enabled: true } retries)
            {
                retries.Add(1, _retries.Of((Targets.Admit(attempt.Deployment), LlmErrorTypes.NameOf(attempt.Error))));
            }
            else if (isOneAfterTheOther && !isRepeated && to.Fallbacks is { Enabled: true } fallbacks)
            {
                fallbacks.Add(1, _fallbacks.Of((Targets.Admit(attempt.Deployment), Targets.Admit(next!.Deployment))));
            }

            if (attempt is { Error: not LlmErrorClass.None, Cost.Usd: > 0 })
            {
                to.CostWasted?.Add((double)attempt.Cost.Usd, kind, attempt.Error is LlmErrorClass.Cancelled ? Cancelled : next is null ? Failed : isRepeated ? Retry : Fallback);
            }
        }

        if (call is { ErrorType: { } error, Receipt: { } receipt })
        {
            ReportInterruption(call, Tags.Of(called), error, receipt);
        }
    }

    // A request that failed and has a receipt was a stream that had begun.
    private void ReportInterruption(CallRecord call, ModelTags tags, string error, LlmReceipt receipt)
    {
        Instruments to = Instruments;
        if (call.IsStreamed)
        {
            Interrupted(tags, error);
        }

        if (receipt.Tokens is var tokens && tokens.TotalInput + tokens.TotalOutput is > 0 and long count)
        {
            to.TokensWasted?.Add(count, tags.Marked(Attributes.WasteReason, error == "cancelled" ? "cancelled" : "failed"));
        }
    }

    private void Interrupted(ModelTags tags, string error)
    {
        bool isKnown = error is "network" or "stream_stalled" or "stream_truncated" or "bad_output" or "too_large" or "timeout" or "cancelled" or "provider_unavailable";
        Instruments.Interruptions?.Add(1, tags.Marked(Attributes.Interruption, isKnown ? error : AttributeSpec.Other));
    }

    private void ReportSaving(LlmRequest request, LlmReceipt receipt)
    {
        if (Instruments.CostSaved is { Enabled: true } && receipt.Saving is { } saving)
        {
            bool isEmbedding = request.Kind is ModelKind.Embedding;
            Save(saving.CacheUsd, isEmbedding, 0);
            Save(saving.PromptCacheUsd, isEmbedding, 1);
            Save(saving.RoutingUsd, isEmbedding, 2);
        }
    }

    private void Save(decimal usd, bool isEmbedding, int reason)
    {
        if (usd > 0)
        {
            Instruments.CostSaved!.Add((double)usd, SavingTags.Of(isEmbedding, reason));
        }
    }
}
