using IntegrationLayer.Sdk.TestSupport.Processes;
using IntegrationLayer.Sdk.TestSupport.Provider;

namespace IntegrationLayer.Sdk.Integration.Tests.Sdk;

/// <summary>A failing provider is replaced by a healthy one; what was done stands on the receipt.</summary>
public sealed class FailoverTests : SdkTest
{
    public static IEnumerable<TestCaseData> FailuresOfProviders()
    {
        foreach (bool isStreamed in (bool[])[false, true])
        {
            yield return Case("500", ProviderBehavior.Fails(500), LlmErrorClass.ProviderUnavailable, isStreamed);
            yield return Case("503", ProviderBehavior.Fails(503), LlmErrorClass.ProviderUnavailable, isStreamed);
            yield return Case("429", ProviderBehavior.Fails(429, "slow down", retryAfter: "1"), LlmErrorClass.RateLimited, isStreamed);
            yield return Case("401", ProviderBehavior.Fails(401), LlmErrorClass.Authentication, isStreamed);
            yield return Case("404", ProviderBehavior.Fails(404), LlmErrorClass.ModelNotFound, isStreamed);
            yield return Case("reset", ProviderBehavior.Resets(), LlmErrorClass.ProviderUnavailable, isStreamed);
            yield return Case("html 502", ProviderBehavior.SendsHtml(502), LlmErrorClass.ProviderUnavailable, isStreamed);
            yield return Case("error in 200", ProviderBehavior.SendsErrorWithSuccess(), LlmErrorClass.ProviderUnavailable, isStreamed);
        }

        yield return Case("broken json", ProviderBehavior.SendsBrokenJson(), LlmErrorClass.GatewayFault, isStreamed: false);
        yield return Case(
            "truncated before content", ProviderBehavior.Says("never") with { Stream = StreamShape.TruncatedAfter(1) }, LlmErrorClass.StreamTruncated, isStreamed: true);
        yield return Case(
            "cut before content", ProviderBehavior.Says("never") with { Stream = StreamShape.CutAfter(1) }, LlmErrorClass.StreamTruncated, isStreamed: true);
        yield return Case(
            "error event before content", ProviderBehavior.Says("never") with { Stream = StreamShape.ErrorAfter(1) }, LlmErrorClass.ProviderUnavailable, isStreamed: true);
    }

    [TestCaseSource(nameof(FailuresOfProviders))]
    [Property("FaultMatrix", "27")]
    public async Task Healthy_provider_answers_instead(ProviderBehavior failing, LlmErrorClass expected, bool isStreamed)
    {
        Provider.Script(Main, failing);

        (string text, LlmReceipt receipt) = await OpenWithStandby().AskAsync(Ask(), isStreamed);

        AssertReplaced(text, receipt, expected);
    }

    [Test]
    public async Task Healthy_provider_answers_for_one_that_refuses_connections([Values] bool isStreamed)
    {
        Uri nobody = new($"http://127.0.0.1:{LoopbackPort.Find()}/v1");

        (string text, LlmReceipt receipt) = await OpenWithStandby(nobody).AskAsync(Ask(), isStreamed);

        AssertReplaced(text, receipt, LlmErrorClass.ProviderUnavailable);
        Assert.That(receipt.Cost, Is.EqualTo(new LlmCost(0.015m, PriceStatus.Exact)), "Nobody can have worked on the first attempt.");
    }

    // What is wrong with the request is wrong everywhere, and a refusal of the content is not to be bypassed.
    [TestCase(400, null, LlmErrorClass.InvalidRequest)]
    [TestCase(422, null, LlmErrorClass.InvalidRequest)]
    [TestCase(400, "content_policy_violation", LlmErrorClass.ContentPolicy)]
    [Property("FaultMatrix", "20")]
    public async Task Request_at_fault_is_not_sent_elsewhere(int status, string? code, LlmErrorClass expected)
    {
        Provider.Script(Main, new ErrorBehavior(status, "no") { Code = code });

        LlmException failure = await FailureOfAsync(OpenWithStandby());

        Assert.That(failure.ErrorClass, Is.EqualTo(expected));
        Assert.That(Provider.RequestsTo(Standby), Is.Empty);
    }

    [Test]
    public async Task All_failing_says_what_each_said([Values] bool isStreamed)
    {
        Provider.Script(Main, ProviderBehavior.Fails(500));
        Provider.Script(Standby, ProviderBehavior.Fails(429, "slow down", retryAfter: "7"));

        LlmException failure = await FailureOfAsync(OpenWithStandby(), isStreamed: isStreamed);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.ErrorClass, Is.EqualTo(LlmErrorClass.RateLimited));
            Assert.That(failure.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(7)));
            Assert.That(failure.Attempts.Select(a => (a.Deployment, a.Error, a.StatusCode)), Is.EqualTo(
            [
                (Main, LlmErrorClass.ProviderUnavailable, (int?)500),
                (Standby, LlmErrorClass.RateLimited, (int?)429),
            ]));
            Assert.That(failure.Message, Does.Contain(Main).And.Contain(Standby));
        }
    }

    [Test]
    public async Task Attempts_are_limited()
    {
        Provider.Script(Main, ProviderBehavior.Fails(500));
        SdkHost host = Open(options =>
        {
            options.MaxAttempts = 1;
            Add(options, Main);
            Add(options, Standby);
        });

        LlmException failure = await FailureOfAsync(host);

        Assert.That(failure.Attempts, Has.Count.EqualTo(1));
        Assert.That(Provider.RequestsTo(Standby), Is.Empty);
    }

    [Test]
    public async Task Stream_that_broke_off_after_content_is_not_begun_again_elsewhere()
    {
        Provider.Script(Main, ProviderBehavior.Says("one ", "two") with { Stream = StreamShape.CutAfter(2) });

        LlmException failure = await FailureOfAsync(OpenWithStandby(), isStreamed: true);

        Assert.That(failure, Is.InstanceOf<LlmStreamInterruptedException>());
        Assert.That(Provider.RequestsTo(Standby), Is.Empty);
    }

    private static TestCaseData Case(string name, ProviderBehavior failing, LlmErrorClass expected, bool isStreamed) =>
        new TestCaseData(failing, expected, isStreamed).SetArgDisplayNames(name, isStreamed ? "streamed" : "whole");

    private static void AssertReplaced(string text, LlmReceipt receipt, LlmErrorClass expected)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Is.EqualTo("Hello there"));
            Assert.That(receipt.Deployment, Is.EqualTo(Standby));
            Assert.That(receipt.Attempts.Select(a => (a.Deployment, a.Error)), Is.EqualTo([(Main, expected), (Standby, LlmErrorClass.None)]));
            Assert.That(receipt.Attempts[1].Cost, Is.EqualTo(new LlmCost(0.015m, PriceStatus.Exact)));
        }
    }
}
