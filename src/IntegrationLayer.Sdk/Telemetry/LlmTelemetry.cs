using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>Turns finished calls into metrics and spans. Names follow OpenTelemetry's GenAI conventions v1.41; the SDK's own begin with <c>integration_layer.</c></summary>
internal sealed class LlmTelemetry : IDisposable
{
    // Advised by the convention.
    private static readonly double[] DurationBuckets = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    private static readonly long[] TokenBuckets = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

    private readonly ActivitySource _source = new(IntegrationLayerDiagnostics.ActivitySourceName);
    private readonly Histogram<double> _operationDuration;
    private readonly Histogram<long> _tokens;
    private readonly Histogram<double> _timeToFirstChunk;
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _requestDuration;
    private readonly Histogram<double> _overhead;
    private readonly Histogram<int> _attempts;
    private readonly Counter<double> _cost;
    private readonly Counter<long> _settleFailures;
    private readonly Counter<long> _abandonedStreams;

    public LlmTelemetry(IMeterFactory meters)
    {
        Meter meter = meters.Create(new MeterOptions(IntegrationLayerDiagnostics.MeterName));
        var seconds = new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBuckets };
        _operationDuration = meter.CreateHistogram("gen_ai.client.operation.duration", "s", "Duration of a call to a model.", tags: null, seconds);
        _tokens = meter.CreateHistogram(
            "gen_ai.client.token.usage", "{token}", "Billable tokens of a call.", tags: null, new InstrumentAdvice<long> { HistogramBucketBoundaries = TokenBuckets });
        _timeToFirstChunk = meter.CreateHistogram("gen_ai.client.operation.time_to_first_chunk", "s", "Time to the first content of a stream.", tags: null, seconds);
        _requests = meter.CreateCounter<long>("integration_layer.llm.requests", "{request}", "Requests, by outcome.");
        _requestDuration = meter.CreateHistogram("integration_layer.llm.request.duration", "s", "Duration of a request as its caller sees it.", tags: null, seconds);
        _overhead = meter.CreateHistogram<double>("integration_layer.llm.overhead.duration", "s", "Time spent in the SDK itself.");
        _attempts = meter.CreateHistogram<int>("integration_layer.attempts", "{attempt}", "Calls made for a request.");
        _cost = meter.CreateCounter<double>("integration_layer.cost", "{USD}", "Money charged.");
        _settleFailures = meter.CreateCounter<long>("integration_layer.settle.failures", "{settlement}", "Settlements that the budget ledger failed to take.");
        _abandonedStreams = meter.CreateCounter<long>("integration_layer.streams.abandoned", "{stream}", "Streams that were closed and charged because their consumer did not come back.");
    }

    /// <summary>Begins the span of a request; <see langword="null"/> if nobody listens.</summary>
    public Activity? StartRequest(LlmRequest request) =>
        _source.HasListeners() ? _source.StartActivity($"{OperationOf(request)} {request.Options?.ModelId}".TrimEnd(), ActivityKind.Client) : null;

    public void SettleFailed() => _settleFailures.Add(1);

    public void StreamAbandoned() => _abandonedStreams.Add(1);

    /// <summary>Reports a finished request.</summary>
    public void Report(CallRecord call)
    {
        if (call.Activity is { } activity)
        {
            Describe(activity, call);
        }

        ReportRequest(call);
        if (call.Receipt is { } receipt && receipt.Attempts.Count > 0)
        {
            ReportAnswer(call, receipt);
        }
        else
        {
            ReportLoss(call);
        }
    }

    public void Dispose() => _source.Dispose();

    private static string OperationOf(LlmRequest request) => request.Kind is Models.ModelKind.Embedding ? "embeddings" : "chat";

    private static void Describe(Activity activity, CallRecord call)
    {
        activity.SetTag("gen_ai.operation.name", OperationOf(call.Request));
        activity.SetTag("gen_ai.request.model", call.Request.Options?.ModelId ?? call.Receipt?.Model);
        activity.SetTag("integration_layer.request.id", call.RequestId);
        if (call.Receipt is { } receipt)
        {
            activity.SetTag("gen_ai.provider.name", receipt.Provider);
            activity.SetTag("gen_ai.response.model", receipt.ModelServed ?? receipt.Model);
            activity.SetTag("gen_ai.usage.input_tokens", receipt.Tokens.TotalInput);
            activity.SetTag("gen_ai.usage.output_tokens", receipt.Tokens.TotalOutput);
            activity.SetTag("integration_layer.deployment", receipt.Deployment);
            activity.SetTag("integration_layer.attempts", receipt.Attempts.Count);
        }

        if (call.ErrorType is not null)
        {
            activity.SetTag("error.type", call.ErrorType);
            activity.SetStatus(ActivityStatusCode.Error);
        }
    }

    private void ReportRequest(CallRecord call)
    {
        if (!_requests.Enabled && !_requestDuration.Enabled && !_overhead.Enabled && !_attempts.Enabled)
        {
            return;
        }

        var tags = new TagList
        {
            { "gen_ai.operation.name", OperationOf(call.Request) },
            { "integration_layer.operation", call.Request.Context.Operation },
            { "integration_layer.outcome", call.Outcome },
        };
        if (call.ErrorType is { } error)
        {
            tags.Add("error.type", error);
        }

        _requests.Add(1, tags);
        _requestDuration.Record(call.Duration.TotalSeconds, tags);
        _overhead.Record(call.Overhead.TotalSeconds, tags);
        _attempts.Record(call.Attempts.Count, tags);
    }

    // Calls that nobody answered may be billed all the same.
    private void ReportLoss(CallRecord call)
    {
        if (!_cost.Enabled)
        {
            return;
        }

        foreach (LlmAttempt attempt in call.Attempts)
        {
            if (attempt.Cost.Usd > 0)
            {
                _cost.Add((double)attempt.Cost.Usd, new TagList
                {
                    { "gen_ai.operation.name", OperationOf(call.Request) },
                    { "gen_ai.provider.name", attempt.Provider },
                    { "error.type", LlmErrorTypes.NameOf(attempt.Error) },
                });
            }
        }
    }

    private void ReportAnswer(CallRecord call, LlmReceipt receipt)
    {
        if (!_operationDuration.Enabled && !_tokens.Enabled && !_cost.Enabled && !_timeToFirstChunk.Enabled)
        {
            return;
        }

        var tags = new TagList
        {
            { "gen_ai.operation.name", OperationOf(call.Request) },
            { "gen_ai.provider.name", receipt.Provider },
            { "gen_ai.request.model", receipt.Model },
        };
        _operationDuration.Record(receipt.Attempts[^1].Duration.TotalSeconds, tags);
        _cost.Add((double)receipt.Cost.Usd, tags);
        if (receipt.TimeToFirstToken is { } first)
        {
            _timeToFirstChunk.Record(first.TotalSeconds, tags);
        }

        if (_tokens.Enabled && receipt.Cost.IsExact)
        {
            tags.Add("gen_ai.token.type", "input");
            _tokens.Record(receipt.Tokens.TotalInput, tags);
            tags[^1] = new KeyValuePair<string, object?>("gen_ai.token.type", "output");
            _tokens.Record(receipt.Tokens.TotalOutput, tags);
        }
    }
}
