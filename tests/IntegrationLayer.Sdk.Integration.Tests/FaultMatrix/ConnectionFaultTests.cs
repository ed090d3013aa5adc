using System.Net;
using IntegrationLayer.Sdk.Portkey;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Testing;
using IntegrationLayer.Sdk.TestSupport.Processes;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Integration.Tests.FaultMatrix;

/// <summary>Rows 1 to 7: no connection, or one that gives no answer.</summary>
internal sealed class ConnectionFaultTests : FaultMatrixTest
{
    [SetUp]
    public void Script() => Fake.OnChat(First).Reply("first").Times(10_000);

    [Test]
    [Property("FaultMatrix", "1")]
    public async Task Gateway_that_is_down_is_passed_over_for_another_and_then_left_alone()
    {
        ServiceProvider sdk = Open(options =>
        {
            options.Portkey.Endpoints.Add(new PortkeyEndpointOptions { Name = "down", Address = Nobody() });
            options.Portkey.Endpoints.Add(new PortkeyEndpointOptions { Name = "up", Address = Server.BaseAddress });
        });

        for (int i = 0; i < 40; i++)
        {
            (string text, LlmReceipt receipt) = await AskAsync(sdk);
            Assert.That((text, receipt.Attempts.Count), Is.EqualTo((First, 1)), "the caller, and the deployment's attempts, know nothing of it");
        }

        Assert.That(StatusOf(sdk, HealthKind.Gateway, "down").State, Is.EqualTo(HealthState.Open));
        Assert.That(StatusOf(sdk, HealthKind.Gateway, "up").State, Is.EqualTo(HealthState.Healthy));
    }

    [Test]
    [Property("FaultMatrix", "1")]
    public async Task All_gateways_down_fail_at_once_and_cost_nothing()
    {
        ServiceProvider sdk = Open(options =>
        {
            options.Portkey.Endpoints.Add(new PortkeyEndpointOptions { Name = "one", Address = Nobody() });
            options.Portkey.Endpoints.Add(new PortkeyEndpointOptions { Name = "other", Address = Nobody() });
        });
        LlmException failure = null!;
        for (int i = 0; i < 20; i++)
        {
            failure = await FailureOfAsync(sdk);
            Assert.That((failure.ErrorClass, failure.MayBeBilled), Is.EqualTo((LlmErrorClass.GatewayUnavailable, false)));
        }

        Assert.That(failure.RetryAfter, Is.Not.Null, "the last was not tried: its failure says when to come again");
        Assert.That(await BudgetOfAsync(sdk), Is.EqualTo((0m, 0m)));
    }

    [Test]
    [Property("FaultMatrix", "2")]
    public async Task Name_that_nobody_knows_is_passed_over_for_another()
    {
        Uri nameless = new("http://gateway.invalid/v1/");
        LlmException alone = await FailureOfAsync(Open(options => options.Portkey.Endpoint = nameless));
        ServiceProvider sdk = Open(options =>
        {
            options.Portkey.Endpoints.Add(new PortkeyEndpointOptions { Name = "nameless", Address = nameless });
            options.Portkey.Endpoints.Add(new PortkeyEndpointOptions { Name = "up", Address = Server.BaseAddress });
        });

        Assert.That((alone.ErrorClass, alone.Code, alone.MayBeBilled), Is.EqualTo((LlmErrorClass.GatewayUnavailable, "name_resolution", false)));
        for (int i = 0; i < 4; i++)
        {
            Assert.That((await AskAsync(sdk)).Text, Is.EqualTo(First));
        }
    }

    // What stands for a resolver that doesn't answer is a connection that is never made: .NET resolves the name within the same time limit.
    [Test]
    [Property("FaultMatrix", "2")]
    public async Task Resolver_that_does_not_answer_is_ended_by_the_time_for_connecting()
    {
        ServiceProvider sdk = Open(
            options => options.Portkey.ConnectTimeout = TimeSpan.FromMilliseconds(100),
            builder => builder.Services.AddHttpClient(PortkeyDefaults.HttpClientName).ConfigurePrimaryHttpMessageHandler(
                (handler, _) => ((SocketsHttpHandler)handler).ConnectCallback = static async (_, token) =>
                {
                    await Task.Delay(Timeout.Infinite, token);
                    throw new InvalidOperationException("unreachable");
                }));

        LlmException failure = await FailureOfAsync(sdk);

        Assert.That((failure.ErrorClass, failure.Code, failure.MayBeBilled), Is.EqualTo((LlmErrorClass.GatewayUnavailable, "connect_timeout", false)));
    }

    [Test]
    [Property("FaultMatrix", "3")]
    public async Task Gateway_that_drops_connections_is_passed_over_after_the_time_for_connecting()
    {
        using BacklogFullListener dropping = new();
        void Connect(IntegrationLayerOptions options) => options.Portkey.ConnectTimeout = TimeSpan.FromSeconds(1);
        LlmException alone = await FailureOfAsync(Open(options =>
        {
            Connect(options);
            options.Portkey.Endpoint = dropping.Address;
        }));
        ServiceProvider sdk = Open(options =>
        {
            Connect(options);
            options.Portkey.Endpoints.Add(new PortkeyEndpointOptions { Name = "dropping", Address = dropping.Address });
            options.Portkey.Endpoints.Add(new PortkeyEndpointOptions { Name = "up", Address = Server.BaseAddress });
        });

        Assert.That((alone.ErrorClass, alone.Code, alone.MayBeBilled), Is.EqualTo((LlmErrorClass.GatewayUnavailable, "connect_timeout", false)));
        for (int i = 0; i < 3; i++)
        {
            Assert.That((await AskAsync(sdk)).Text, Is.EqualTo(First));
        }
    }

    private static IEnumerable<FakePortkeyAnswer> BrokenOff() => [FakePortkeyWireFault.Close(), FakePortkeyAnswer.Reset];

    [TestCaseSource(nameof(BrokenOff))]
    [Property("FaultMatrix", "5")]
    public async Task Connection_that_breaks_before_an_answer_is_tried_elsewhere_and_charged(FakePortkeyAnswer fault)
    {
        // On a new connection, so that nobody can take it for one that had ended long ago.
        Fake.OnChat("new").Answer(fault);
        ServiceProvider sdk = Open(options => options.Deployments[0].Model = "new");

        (string text, LlmReceipt receipt) = await AskAsync(sdk);

        Assert.That(text, Is.EqualTo(Second));
        Assert.That(receipt.Attempts.Select(attempt => attempt.Error), Is.EqualTo(new[] { LlmErrorClass.Network, LlmErrorClass.None }));
        Assert.That(receipt.Attempts[0].Cost.Usd, Is.Positive);
    }

    [Test]
    [Property("FaultMatrix", "5")]
    public async Task Kept_connection_that_had_ended_is_replaced_at_once_and_unnoticed()
    {
        Fake.OnChat("kept").Reply("one").Then.Answer(FakePortkeyWireFault.Close()).Then.Reply("two");
        ServiceProvider sdk = Open(options => options.Deployments[0].Model = "kept");
        await AskAsync(sdk);

        (string text, LlmReceipt receipt) = await AskAsync(sdk);

        Assert.That((text, receipt.Attempts.Count, receipt.Cost.IsExact), Is.EqualTo(("two", 1, true)));
        Assert.That(Fake.RequestCount, Is.EqualTo(3));
    }

    [Test]
    [Property("FaultMatrix", "6")]
    public async Task Headers_that_do_not_come_end_the_attempt_and_its_connection([Values] bool isStreamed)
    {
        Fake.OnChat("slow").Hang();
        ServiceProvider sdk = Open(options =>
        {
            options.Deployments[0].Model = "slow";
            options.Resilience.Timeouts.Attempt = TimeSpan.FromMilliseconds(200);
        });

        (string text, LlmReceipt receipt) = await AskAsync(sdk, isStreamed);

        Assert.That((text, receipt.Attempts[0].Error), Is.EqualTo((Second, LlmErrorClass.Timeout)));
        Assert.That(await Fake.Requests[0].Outcome.WaitAsync(TimeSpan.FromSeconds(10)), Is.EqualTo(FakePortkeyOutcome.Cancelled), "its connection was closed");
    }

    [Test]
    [Property("FaultMatrix", "7")]
    public async Task Headers_that_drip_end_the_attempt()
    {
        FakePortkey dripping = new(TimeProvider.System);
        dripping.OnChat(First).Answer(FakePortkeyWireFault.DrippingHeaders(TimeSpan.FromMilliseconds(20)));
        dripping.OnChat(Second).Reply(Second);
        FakePortkeyServer server = Keep(await dripping.StartServerAsync());
        ServiceProvider sdk = Open(options =>
        {
            options.Portkey.Endpoint = server.BaseAddress;
            options.Resilience.Timeouts.Attempt = TimeSpan.FromMilliseconds(200);
        });

        (string text, LlmReceipt receipt) = await AskAsync(sdk);

        Assert.That((text, receipt.Attempts[0].Error), Is.EqualTo((Second, LlmErrorClass.Timeout)));
    }

    // 64 KiB are accepted; the same answer with 60 KiB of headers is the control.
    [Test]
    [Property("FaultMatrix", "7")]
    public async Task Headers_beyond_the_limit_are_not_read_to_their_end()
    {
        Fake.OnChat("large").Answer(FakePortkeyReply.Text("just so").WithHeader("X-Filler", new string('x', 60_000))).Then.Answer(FakePortkeyWireFault.OversizedHeaders());
        ServiceProvider sdk = OpenAlone(options => options.Deployments[0].Model = "large");

        (string text, _) = await AskAsync(sdk);
        LlmException failure = await FailureOfAsync(sdk);

        Assert.That(text, Is.EqualTo("just so"));
        Assert.That(failure.ErrorClass, Is.EqualTo(LlmErrorClass.TooLarge));
        Assert.That(failure.Message, Does.Contain("64 KiB"));
    }

    private static Uri Nobody() => new($"http://{new IPEndPoint(IPAddress.Loopback, LoopbackPort.Find())}/v1/");
}
