using IntegrationLayer.Sdk.Testing;

namespace Quickstart;

/// <summary>What the scripted gateway answers: every model the same, each at its own pace, and one provider that is down.</summary>
internal static class Script
{
    /// <summary>The model that the failing provider is asked for.</summary>
    public const string FailingModel = "model-of-a-failing-provider";

    private const string Text =
        "Each provider has its own interface, prices and bad days. A gateway gives them one door, "
        + "and a client that knows their prices picks the cheapest that will do, "
        + "moves on when one fails, and tells you afterwards what it cost.";

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(40);

    public static FakePortkey Create()
    {
        var script = new FakePortkey(TimeProvider.System);
        script.OnChat(FailingModel).Fail(FakePortkeyError.ServiceUnavailable(retryAfter: TimeSpan.FromSeconds(1)));
        Add(script, "gpt-4o-mini", TimeSpan.FromMilliseconds(150));
        Add(script, "claude-sonnet-4-5", TimeSpan.FromMilliseconds(600));
        Add(script, model: null, TimeSpan.FromMilliseconds(300));
        return script;
    }

    private static void Add(FakePortkey script, string? model, TimeSpan latency) =>
        script.OnChat(model).Reply(FakePortkeyReply.Text(Text).WithChunkInterval(Pace)).After(latency);
}
