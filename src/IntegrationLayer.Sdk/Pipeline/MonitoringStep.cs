using System.Diagnostics;
using IntegrationLayer.Sdk.Events;
using IntegrationLayer.Sdk.Telemetry;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>The last step of every request, however it ended: metrics and a span for operators, a usage record for whoever pays.</summary>
internal sealed class MonitoringStep(LlmTelemetry telemetry, IUsageStore usage, EventHub events, TimeProvider timeProvider, ILogger<LlmPipeline> logger)
{
    // A store that keeps nothing spares the records too.
    private readonly IUsageStore? _usage = usage is InMemoryUsageStore { Capacity: 0 } ? null : usage;

    /// <summary>Gets what is measured.</summary>
    public LlmTelemetry Telemetry { get; } = telemetry;

    /// <summary>Begins the span of a request; <see langword="null"/> if nobody listens.</summary>
    public Activity? Begin(LlmRequest request) => Telemetry.Spans.Start(request);

    /// <summary>Reports a finished request: first to whoever pays. That somebody who listens throws is no reason to fail a request that was answered.</summary>
    public void Report(CallRecord call)
    {
        long since = call.Mark();
        Keep(call);
        try
        {
            call.Detail?.Took("record", since);
            call.Detail?.End();
            Telemetry.Report(call);
            if (call.Calls.Count > 0)
            {
                StageSpans.WriteCalls(Telemetry.Spans, call);
            }

            EventSources.Finished(events, call);
        }
        catch (Exception e)
        {
            Log.ReportFailed(logger, call.RequestId, e);
        }
    }

    private void Keep(CallRecord call)
    {
        if (_usage is null)
        {
            return;
        }

        try
        {
            UsageFields fields = UsageRecords.Of(call, timeProvider.GetUtcNow());
            if (_usage is InMemoryUsageStore memory)
            {
                memory.Append(fields);
            }
            else
            {
                _usage.Append(UsageRecord.Of(fields));
            }

            Telemetry.Instruments.RecordWrites?.Add(1);
        }
        catch (Exception e)
        {
            Telemetry.Instruments.RecordsDropped?.Add(1);
            Log.UsageFailed(logger, call.RequestId, e);
        }
    }
}
