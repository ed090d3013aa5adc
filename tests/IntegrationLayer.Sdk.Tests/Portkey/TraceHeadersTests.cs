using System.Diagnostics;
using IntegrationLayer.Sdk.Portkey;

namespace IntegrationLayer.Sdk.Tests.Portkey;

internal sealed class TraceHeadersTests
{
    [Test]
    public void Trace_is_handed_on_and_nothing_else()
    {
        using Activity activity = Started(ActivityIdFormat.W3C);
        activity.TraceStateString = "vendor=1";
        activity.AddBaggage("user", "jane");

        Assert.That(Sent(activity), Is.EqualTo(new Dictionary<string, string> { ["traceparent"] = activity.Id!, ["tracestate"] = "vendor=1" }));
    }

    [TestCase("vendor=1\r\nX-Injected: 1")]
    [TestCase("")]
    [TestCase("long")]
    public void State_that_cannot_be_handed_on_is_left_out(string state)
    {
        using Activity activity = Started(ActivityIdFormat.W3C);
        activity.TraceStateString = state == "long" ? new string('x', 513) : state;

        Assert.That(Sent(activity).Keys, Is.EqualTo(new[] { "traceparent" }));
    }

    [Test]
    public void Trace_of_another_format_and_no_trace_are_not_handed_on()
    {
        using Activity activity = Started(ActivityIdFormat.Hierarchical);

        Assert.That(Sent(activity), Is.Empty);
        Assert.That(Sent(null), Is.Empty);
    }

    [Test]
    public void Nothing_is_taken_from_others()
    {
        TraceHeaders headers = TraceHeaders.Instance;
        headers.ExtractTraceIdAndState(null, null, out string? id, out string? state);

        Assert.That((id, state, headers.ExtractBaggage(null, null)), Is.EqualTo(((string?)null, (string?)null, (IEnumerable<KeyValuePair<string, string?>>?)null)));
        Assert.That(headers.Fields, Is.EqualTo(new[] { "traceparent", "tracestate" }));
    }

    private static Activity Started(ActivityIdFormat format) => new Activity("call").SetIdFormat(format).Start();

    private static Dictionary<string, string> Sent(Activity? activity)
    {
        Dictionary<string, string> sent = [];
        TraceHeaders.Instance.Inject(activity, sent, static (carrier, name, value) => ((Dictionary<string, string>)carrier!)[name] = value);
        return sent;
    }
}
