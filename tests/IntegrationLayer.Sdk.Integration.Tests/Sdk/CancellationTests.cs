using IntegrationLayer.Sdk.TestSupport.Provider;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Integration.Tests.Sdk;

/// <summary>The caller gives up, or time is over: for the SDK, or for the gateway.</summary>
public sealed class CancellationTests : SdkTest
{
    [Test]
    public async Task Caller_cancels_before_the_answer([Values] bool isStreamed)
    {
        Provider.Script(Main, ProviderBehavior.Says("never") with { HoldHeaders = Never });
        using CancellationTokenSource caller = new();
        SdkHost host = OpenWithStandby();

        Task call = isStreamed ? host.StreamAsync(Ask(), caller.Token) : host.Client.GetResponseAsync(Ask(), caller.Token);
        await SeenAsync();
        await caller.CancelAsync();

        await Assert.ThatAsync(() => call, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Provider.RequestsTo(Standby), Is.Empty);
    }

    [Test]
    public async Task Caller_cancels_within_a_stream()
    {
        Provider.Script(Main, ProviderBehavior.Says("one ", "two") with { Stream = StreamShape.StalledAfter(2, Never) });
        using CancellationTokenSource caller = new();
        SdkHost host = OpenWithStandby();
        string text = "";

        async Task ReadAsync()
        {
            await foreach (LlmResponseUpdate update in host.Client.GetStreamingResponseAsync(Ask(), caller.Token))
            {
                text += update.Text;
                if (text.Length > 0)
                {
                    await caller.CancelAsync();
                }
            }
        }

        await Assert.ThatAsync(ReadAsync, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(text, Is.EqualTo("one "));
        Assert.That(Provider.RequestsTo(Standby), Is.Empty);
    }

    [Test]
    public async Task Cancelled_token_sends_nothing([Values] bool isStreamed)
    {
        CancellationToken cancelled = new(canceled: true);
        SdkHost host = Open();

        await Assert.ThatAsync(
            () => (isStreamed ? host.StreamAsync(Ask(), cancelled) : (Task)host.Client.GetResponseAsync(Ask(), cancelled)),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Provider.Requests, Is.Empty);
        Assert.That((await host.AskAsync(Ask(), isStreamed)).Text, Is.EqualTo("Hello there"), "Another call is not affected.");
    }

    [Test]
    public async Task Deadline_of_the_sdk_ends_a_call_that_hangs([Values] bool isStreamed)
    {
        FakeTimeProvider clock = new();
        Provider.Script(Main, ProviderBehavior.Says("never") with { HoldHeaders = Never });
        SdkHost host = OpenWithClock(clock, TimeSpan.FromMinutes(1));

        Task<LlmException> call = FailureOfAsync(host, isStreamed: isStreamed);
        await SeenAsync();
        clock.Advance(TimeSpan.FromMinutes(1));
        LlmException failure = await call;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.ErrorClass, Is.EqualTo(LlmErrorClass.Timeout));
            Assert.That(failure.ErrorSource, Is.EqualTo(LlmErrorSource.Sdk));
            Assert.That(failure.MayBeBilled, Is.True);
            Assert.That(Provider.RequestsTo(Standby), Is.Empty, "There is no time left for another attempt.");
        }
    }

    // The gateway's own timeout ends with the response headers; after them only the SDK's deadline helps.
    [Test]
    public async Task Deadline_of_the_sdk_ends_a_stream_that_stalls()
    {
        FakeTimeProvider clock = new();
        Provider.Script(Main, ProviderBehavior.Says("one ", "two") with { Stream = StreamShape.StalledAfter(2, Never) });
        SdkHost host = OpenWithClock(clock, TimeSpan.FromMinutes(1));

        LlmStreamInterruptedException? failure = await Assert.ThrowsAsync<LlmStreamInterruptedException>(async () =>
        {
            await foreach (LlmResponseUpdate update in host.Client.GetStreamingResponseAsync(Ask()))
            {
                if (update.Text.Length > 0)
                {
                    clock.Advance(TimeSpan.FromMinutes(1));
                }
            }
        });

        Assert.That((failure!.ErrorClass, failure.PartialText), Is.EqualTo((LlmErrorClass.Timeout, "one ")));
    }

    // The SDK's clock stands still, so it is the gateway that gives up after the time it was told.
    [Test]
    public async Task Timeout_at_the_gateway_is_told_from_the_sdks_own([Values] bool isStreamed)
    {
        Provider.Script(Main, ProviderBehavior.Says("never") with { HoldHeaders = Never });
        SdkHost host = OpenWithClock(new FakeTimeProvider(), TimeSpan.FromMilliseconds(150));

        (string text, LlmReceipt receipt) = await host.AskAsync(Ask(), isStreamed);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Is.EqualTo("Hello there"), "By the SDK's clock there is time left for another attempt.");
            Assert.That(receipt.Attempts.Select(a => (a.Deployment, a.Error, a.StatusCode)), Is.EqualTo(
            [
                (Main, LlmErrorClass.Timeout, (int?)408),
                (Standby, LlmErrorClass.None, (int?)200),
            ]));
            Assert.That(host.Wire.Sent[0]["x-portkey-request-timeout"], Is.EqualTo("150"));
        }
    }

    [Test]
    public async Task Deadline_that_is_over_sends_nothing()
    {
        FakeTimeProvider clock = new();
        LlmRequest request = Ask() with { Context = new LlmRequestContext { Deadline = clock.GetUtcNow() - TimeSpan.FromSeconds(1) } };

        LlmException failure = await FailureOfAsync(OpenWithClock(clock, TimeSpan.FromMinutes(1)), request);

        Assert.That((failure.ErrorClass, failure.MayBeBilled), Is.EqualTo((LlmErrorClass.Timeout, false)));
        Assert.That(Provider.Requests, Is.Empty);
    }

    private SdkHost OpenWithClock(TimeProvider clock, TimeSpan timeout) => Open(
        options =>
        {
            options.Timeout = timeout;
            Add(options, Main);
            Add(options, Standby);
        },
        clock);
}
