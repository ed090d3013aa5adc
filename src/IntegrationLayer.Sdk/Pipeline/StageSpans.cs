using System.Diagnostics;
using IntegrationLayer.Sdk.Telemetry;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>Writes spans for the stages and calls of a request that has ended: nothing is begun while it runs, so the path of the request pays nothing.</summary>
internal static class StageSpans
{
    /// <summary>Writes the spans of stages.</summary>
    public static void Write(RequestSpans spans, CallRecord call, IReadOnlyList<StageTime> stages)
    {
        foreach (StageTime stage in stages)
        {
            using Activity? span = Begin(spans, call, stage.Stage, ActivityKind.Internal, stage.Start, stage.End);
            span?.AddTag(Attributes.Stage.Name, stage.Stage);
        }
    }

    /// <summary>Writes the spans of calls, one after the other up to the end of the last.</summary>
    public static void WriteCalls(RequestSpans spans, CallRecord call)
    {
        foreach (CallTime made in call.Calls)
        {
            LlmAttempt attempt = made.Attempt;
            using Activity? span = Begin(spans, call, $"attempt {attempt.Deployment}", ActivityKind.Client, made.Start, made.End);
            span?.AddTag(Attributes.Target.Name, attempt.Deployment);
            span?.AddTag(Attributes.Provider.Name, attempt.Provider);
            if (attempt.StatusCode is { } status)
            {
                span?.AddTag(Attributes.Status.Name, status);
            }

            if (attempt.Error is not LlmErrorClass.None)
            {
                span?.AddTag(Attributes.Error.Name, LlmErrorTypes.NameOf(attempt.Error));
                span?.SetStatus(ActivityStatusCode.Error);
            }
        }
    }

    private static Activity? Begin(RequestSpans spans, CallRecord call, string name, ActivityKind kind, long start, long end)
    {
        Activity parent = call.Activity!;
        DateTime began = parent.StartTimeUtc + call.Clock.GetElapsedTime(call.StartedAt, start);
        Activity? span = spans.StartChild(name, kind, parent.Context, began);
        span?.SetEndTime(began + call.Clock.GetElapsedTime(start, end));
        return span;
    }
}
