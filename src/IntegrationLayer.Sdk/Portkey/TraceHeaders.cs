using System.Diagnostics;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>
/// Hands the trace on to the gateway, and nothing else: not the baggage, which may be large, and is the application's and its callers' own affair; and not a
/// state that couldn't stand in a header.
/// </summary>
internal sealed class TraceHeaders : DistributedContextPropagator
{
    // What W3C Trace Context asks everybody to hand on at least.
    private const int LongestState = 512;
    private const string Parent = "traceparent";
    private const string State = "tracestate";

    public static TraceHeaders Instance { get; } = new();

    public override IReadOnlyCollection<string> Fields { get; } = [Parent, State];

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
        if (setter is null || activity is not { IdFormat: ActivityIdFormat.W3C, Id: { } id })
        {
            return;
        }

        setter(carrier, Parent, id);
        if (activity.TraceStateString is { Length: > 0 and <= LongestState } state && HeaderRules.CheckValue(State, state) is null)
        {
            setter(carrier, State, state);
        }
    }

    // Nothing is received by the client of a gateway.
    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
        (traceId, traceState) = (null, null);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
}
