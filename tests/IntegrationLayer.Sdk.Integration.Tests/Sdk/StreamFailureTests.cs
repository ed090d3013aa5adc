using IntegrationLayer.Sdk.TestSupport.Provider;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Integration.Tests.Sdk;

/// <summary>Streams that end otherwise than they should. None of them may look like an answer.</summary>
public sealed class StreamFailureTests : SdkTest
{
    public static IEnumerable<TestCaseData> BrokenStreams()
    {
        yield return Case("truncated", StreamShape.TruncatedAfter(3), LlmErrorClass.StreamTruncated);
        yield return Case("cut", StreamShape.CutAfter(3), LlmErrorClass.StreamTruncated);
        yield return Case("error event", StreamShape.ErrorAfter(3), LlmErrorClass.ProviderUnavailable);
    }

    [TestCaseSource(nameof(BrokenStreams))]
    [Property("FaultMatrix", "12")]
    public async Task Stream_that_breaks_off_after_content_fails(StreamShape shape, LlmErrorClass expected)
    {
        Provider.Script(Main, ProviderBehavior.Says("one ", "two ", "three") with { Stream = shape });
        SdkHost host = Open();
        string text = "";

        LlmStreamInterruptedException? failure = await Assert.ThrowsAsync<LlmStreamInterruptedException>(async () =>
        {
            await foreach (LlmResponseUpdate update in host.Client.GetStreamingResponseAsync(Ask()))
            {
                Assert.That(update.Receipt, Is.Null, "A receipt would say that the answer is complete.");
                text += update.Text;
            }
        });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Is.EqualTo("one two "));
            Assert.That(failure!.PartialText, Is.EqualTo("one two "));
            Assert.That(failure.ErrorClass, Is.EqualTo(expected));
            Assert.That(failure.MayBeBilled, Is.True);
            Assert.That(failure.Receipt?.Cost.IsExact, Is.False, "The provider reported no usage.");
            Assert.That(failure.Receipt?.Cost.Usd, Is.Positive);
            Assert.That(failure.Attempts.Single().Error, Is.EqualTo(expected));
            Assert.That(
                host.Logs.Entries.Where(entry => entry.Level == LogLevel.Warning).Select(entry => entry.Text),
                Has.One.Contains(Main).And.One.Contains(expected.ToString()));
        }
    }

    // An OpenAI stream whose finish reason came, but neither usage nor [DONE].
    [Test]
    public async Task Stream_whose_finish_reason_came_is_complete_and_charged_at_the_upper_bound()
    {
        Provider.Script(Main, ProviderBehavior.Says("one") with { Stream = StreamShape.TruncatedAfter(3) });

        (string text, LlmReceipt receipt) = await Open().AskAsync(Ask(), isStreamed: true);

        Assert.That(text, Is.EqualTo("one"));
        Assert.That(receipt.Cost.Status, Is.EqualTo(PriceStatus.UpperBound));
    }

    [Test]
    public async Task Page_instead_of_a_stream_is_no_answer()
    {
        Provider.Script(Main, ProviderBehavior.SendsHtml(200));

        LlmException failure = await FailureOfAsync(Open(), isStreamed: true);

        Assert.That(failure.ErrorClass, Is.EqualTo(LlmErrorClass.GatewayFault));
        Assert.That(failure, Is.Not.InstanceOf<LlmStreamInterruptedException>());
    }

    [Test]
    public async Task Garbage_between_events_is_no_answer()
    {
        Provider.Script(Main, ProviderBehavior.Sends(200, "text/event-stream", "data: {\"id\": oops\n\n", "data: [DONE]\n\n"));

        LlmException failure = await FailureOfAsync(Open(), isStreamed: true);

        Assert.That(failure.ErrorClass, Is.EqualTo(LlmErrorClass.BadOutput));
    }

    [Test]
    public async Task Empty_stream_is_no_answer()
    {
        Provider.Script(Main, ProviderBehavior.Sends(200, "text/event-stream", ": nothing to say\n\n"));

        LlmException failure = await FailureOfAsync(Open(), isStreamed: true);

        Assert.That(failure.ErrorClass, Is.EqualTo(LlmErrorClass.StreamTruncated));
    }

    [Test]
    [Property("FaultMatrix", "17")]
    public async Task Event_of_more_than_the_limit_ends_the_stream()
    {
        Provider.Script(Main, ProviderBehavior.Says(new string('x', 4_000)));
        SdkHost host = Open(options =>
        {
            options.Portkey.MaxEventBytes = 2_048;
            Add(options, Main);
        });

        LlmException failure = await FailureOfAsync(host, isStreamed: true);
        (string text, _) = await Open().AskAsync(Ask(), isStreamed: true);

        Assert.That(failure.ErrorClass, Is.EqualTo(LlmErrorClass.TooLarge));
        Assert.That(failure.Message, Does.Contain("2048").And.Contain("MaxEventBytes"));
        Assert.That(text, Has.Length.EqualTo(4_000), "The same stream passes the default limit.");
    }

    private static TestCaseData Case(string name, StreamShape shape, LlmErrorClass expected) =>
        new TestCaseData(shape, expected).SetArgDisplayNames(name);
}
