using System.Diagnostics;
using IntegrationLayer.Sdk.TestSupport.Gateway;
using IntegrationLayer.Sdk.TestSupport.Processes;
using IntegrationLayer.Sdk.TestSupport.Provider;

namespace IntegrationLayer.Sdk.Integration.Tests.Sdk;

/// <summary>The connection to the gateway: gone, back, or leading elsewhere.</summary>
public sealed class TransportTests : SdkTest
{
    [Test]
    [Property("FaultMatrix", "1")]
    public async Task Gateway_that_is_down_fails_fast_and_is_used_again_when_back()
    {
        await using PortkeyGateway gateway = await PortkeyGateway.StartNewAsync();
        SdkHost host = OpenAt(gateway.BaseAddress);
        string before = (await host.Client.GetResponseAsync(Ask())).Text;

        await gateway.StopAsync();
        long start = Stopwatch.GetTimestamp();
        LlmException failure = await FailureOfAsync(host);
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        await gateway.StartAsync();
        string after = (await host.Client.GetResponseAsync(Ask())).Text;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((before, after), Is.EqualTo(("Hello there", "Hello there")));
            Assert.That(failure.ErrorClass, Is.EqualTo(LlmErrorClass.GatewayUnavailable));
            Assert.That(failure.ErrorSource, Is.EqualTo(LlmErrorSource.Gateway));
            Assert.That(failure.IsTransient, Is.True);
            Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(5)));
        }
    }

    [Test]
    [Property("FaultMatrix", "5")]
    public async Task Gateway_that_dies_breaks_off_calls_in_flight([Values] bool isStreamed)
    {
        await using PortkeyGateway gateway = await PortkeyGateway.StartNewAsync();
        Provider.Script(Main, ProviderBehavior.Says("never") with { HoldHeaders = Never });
        SdkHost host = OpenAt(gateway.BaseAddress);

        Task<LlmException> call = FailureOfAsync(host, isStreamed: isStreamed);
        await SeenAsync();
        await gateway.StopAsync();
        LlmException failure = await call;

        Assert.That((failure.ErrorClass, failure.MayBeBilled), Is.EqualTo((LlmErrorClass.Network, true)));
    }

    [Test]
    [Property("FaultMatrix", "11")]
    public async Task Gateway_that_dies_within_a_stream_interrupts_it()
    {
        await using PortkeyGateway gateway = await PortkeyGateway.StartNewAsync();
        Provider.Script(Main, ProviderBehavior.Says("one ", "two") with { Stream = StreamShape.StalledAfter(2, Never) });
        SdkHost host = OpenAt(gateway.BaseAddress);

        LlmStreamInterruptedException? failure = await Assert.ThrowsAsync<LlmStreamInterruptedException>(async () =>
        {
            await foreach (LlmResponseUpdate update in host.Client.GetStreamingResponseAsync(Ask()))
            {
                if (update.Text.Length > 0)
                {
                    await gateway.StopAsync();
                }
            }
        });

        Assert.That((failure!.ErrorClass, failure.PartialText), Is.EqualTo((LlmErrorClass.Network, "one ")));
    }

    [Test]
    public async Task Address_that_nobody_listens_on_is_named_as_the_setting_to_check()
    {
        LlmException failure = await FailureOfAsync(OpenAt(new Uri($"http://127.0.0.1:{LoopbackPort.Find()}/v1/")));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((failure.ErrorClass, failure.Code), Is.EqualTo((LlmErrorClass.GatewayUnavailable, "connect")));
            Assert.That(failure.MayBeBilled, Is.False);
            Assert.That(failure.Message, Does.Contain("Portkey:Endpoint"));
        }
    }

    // The scripted provider stands in the gateway's place: the real one doesn't redirect.
    [TestCase(301)]
    [TestCase(302)]
    [TestCase(307)]
    [TestCase(308)]
    [Property("FaultMatrix", "30")]
    public async Task Redirect_is_not_followed(int status)
    {
        await using ProviderServer target = await ProviderServer.StartAsync();
        RawBehavior redirect = ProviderBehavior.Sends(status, "text/plain", "moved") with
        {
            Headers = new Dictionary<string, string> { ["Location"] = new Uri(target.Address, "elsewhere/v1/chat/completions").ToString() },
        };
        Provider.Script("front", redirect);

        LlmException failure = await FailureOfAsync(OpenAt(Provider.HostFor("front")));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.ErrorClass, Is.EqualTo(LlmErrorClass.GatewayFault));
            Assert.That(failure.Message, Does.Contain("Redirects are not followed"));
            Assert.That(Provider.RequestsTo("front"), Has.Count.EqualTo(1));
            Assert.That(target.Requests, Is.Empty, "It would have got the key and the prompt.");
        }
    }

    [Test]
    [Property("FaultMatrix", "30")]
    public async Task Target_of_the_redirect_would_have_answered()
    {
        (string text, _) = await OpenAt(Provider.HostFor("elsewhere")).AskAsync(Ask(), isStreamed: false);

        Assert.That(text, Is.EqualTo("Hello there"));
        Assert.That(Provider.RequestsTo("elsewhere").Single().Endpoint, Is.EqualTo("/v1/chat/completions"));
    }

    [Test]
    public async Task Endpoint_without_a_final_slash_is_the_same()
    {
        Uri bare = new(Gateway.BaseAddress.ToString().TrimEnd('/'));

        (string text, _) = await OpenAt(bare).AskAsync(Ask(), isStreamed: false);

        Assert.That(text, Is.EqualTo("Hello there"));
    }

    [Test]
    public async Task Something_else_on_the_gateways_address_is_recognised()
    {
        Provider.Script("front", ProviderBehavior.SendsHtml(200));

        LlmException failure = await FailureOfAsync(OpenAt(Provider.HostFor("front")));

        Assert.That(failure.ErrorClass, Is.EqualTo(LlmErrorClass.GatewayFault));
        Assert.That(failure.Message, Does.Contain("Portkey:Endpoint"));
    }

    private SdkHost OpenAt(Uri endpoint) => Open(options =>
    {
        options.MaxAttempts = 1;
        options.Portkey.Endpoint = endpoint;
        Add(options, Main);
    });
}
