using IntegrationLayer.Sdk.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Integration.Tests.FaultMatrix;

/// <summary>Rows 31 to 33 and 35: answers that mean harm, and HTTP/2.</summary>
internal sealed class WireFaultTests : FaultMatrixTest
{
    private const string Head = """{"id":"c1","object":"chat.completion","model":"first","choices":[{"index":0,"message":{"role":"assistant","content":"well"},"finish_reason":"stop"}]""";

    [Test]
    [Property("FaultMatrix", "31")]
    public Task Answer_that_is_not_compressed_as_it_says_is_tried_elsewhere() =>
        TakesOverAsync(FakePortkeyWireFault.WrongEncoding(), LlmErrorClass.BadOutput, mayBeBilled: true, isStreamed: false);

    private static IEnumerable<TestCaseData> Deep()
    {
        string nested = string.Concat(Enumerable.Repeat("[", 100)) + string.Concat(Enumerable.Repeat("]", 100));
        yield return new TestCaseData($$$"""{{{Head}}},"usage":{"prompt_tokens":1,"completion_tokens":1},"extra":{{{nested}}}}""");
        yield return new TestCaseData($$$"""{{{Head}}},"usage":{"prompt_tokens":NaN}}""");
    }

    [TestCaseSource(nameof(Deep))]
    [Property("FaultMatrix", "32")]
    public Task Json_that_is_none_or_too_deep_is_tried_elsewhere(string body) =>
        TakesOverAsync(FakePortkeyError.Raw(200, body), LlmErrorClass.BadOutput, mayBeBilled: true, isStreamed: false);

    [TestCase("")]
    [TestCase(""","usage":null""")]
    [TestCase(""","usage":{}""")]
    [TestCase(""","usage":{"prompt_tokens":-5,"completion_tokens":-7}""")]
    [TestCase(""","usage":{"prompt_tokens":1e309,"completion_tokens":1}""")]
    [TestCase(""","usage":{"prompt_tokens":"many","completion_tokens":[]}""")]
    [Property("FaultMatrix", "32")]
    public async Task Usage_that_cannot_be_true_is_charged_at_the_upper_bound(string usage)
    {
        Fake.OnChat(First).Fail(FakePortkeyError.Raw(200, Head + usage + "}")).Then.Fail(FakePortkeyError.Raw(200, $$$"""{{{Head}}},"usage":{"prompt_tokens":1,"completion_tokens":1}}"""));
        ServiceProvider sdk = OpenAlone();

        (string text, LlmReceipt receipt) = await AskAsync(sdk);
        LlmReceipt control = (await AskAsync(sdk)).Receipt;

        Assert.That(text, Is.EqualTo("well"));
        Assert.That((receipt.Cost.Status, receipt.Cost.Usd > 0), Is.EqualTo((PriceStatus.UpperBound, true)));
        Assert.That((control.Cost.IsExact, control.Cost.Usd), Is.EqualTo((true, 0.003m)));
    }

    // The platform's reader takes the last of two fields of one name; a bill must never fall below zero by it.
    [Test]
    [Property("FaultMatrix", "32")]
    public async Task Fields_given_twice_never_make_a_bill_negative()
    {
        Fake.OnChat(First).Fail(FakePortkeyError.Raw(200, $$$"""{{{Head}}},"usage":{"prompt_tokens":1,"completion_tokens":1},"usage":{"prompt_tokens":-9,"prompt_tokens":-9}}"""));
        Assert.That((await AskAsync(OpenAlone())).Receipt.Cost.Usd, Is.Positive);
    }

    private static IEnumerable<TestCaseData> Ambiguous()
    {
        yield return new TestCaseData(FakePortkeyWireFault.TwoContentLengths());
        yield return new TestCaseData(FakePortkeyWireFault.Raw("HTTP/1.1 200 OK\r\nno header\r\n\r\n"));
        yield return new TestCaseData(FakePortkeyWireFault.NotHttp());
    }

    [TestCaseSource(nameof(Ambiguous))]
    [Property("FaultMatrix", "33")]
    public async Task Answer_with_ambiguous_headers_is_a_fault_and_its_connection_is_not_used_again(FakePortkeyWireFault fault)
    {
        await using FaultProxy proxy = FaultProxy.Start(Server.BaseAddress);
        Fake.OnChat(First).Answer(fault).Then.Reply("well");
        ServiceProvider sdk = OpenAlone(options => options.Portkey.Endpoint = proxy.Address);

        LlmException failure = await FailureOfAsync(sdk);
        (string well, _) = await AskAsync(sdk);
        int connections = proxy.Statistics.Connections;
        await AskAsync(sdk);

        Assert.That(failure.ErrorClass, Is.EqualTo(LlmErrorClass.GatewayFault));
        Assert.That((well, connections), Is.EqualTo(("well", 2)), "on a new connection");
        Assert.That(proxy.Statistics.Connections, Is.EqualTo(2), "that of a good answer is used again");
    }

    [Test]
    [Property("FaultMatrix", "33")]
    public async Task Header_that_smuggles_another_in_is_not_believed()
    {
        Fake.OnChat(First).Answer(FakePortkeyWireFault.HeaderInjection());
        LlmException failure = await FailureOfAsync(OpenAlone());
        Assert.That(failure.ErrorClass, Is.AnyOf(LlmErrorClass.GatewayFault, LlmErrorClass.BadOutput, LlmErrorClass.Network));
    }

    private static IEnumerable<FakePortkeyAnswer> Http2() => [FakePortkeyWireFault.RefusedStream(), FakePortkeyWireFault.GoAway(FakePortkeyReply.Text("one"))];

    [TestCaseSource(nameof(Http2))]
    [Property("FaultMatrix", "35")]
    public async Task Http2_connection_that_refuses_or_goes_away_costs_no_answer(FakePortkeyAnswer fault)
    {
        FakePortkey fake = new(new FakePortkeyOptions { Http2 = true });
        fake.OnChat(First).Answer(fault).Then.Reply("one");
        FakePortkeyServer server = Keep(await fake.StartServerAsync());
        ServiceProvider sdk = OpenAlone(options =>
        {
            options.Portkey.Endpoint = server.BaseAddress;
            options.Portkey.Http2 = true;
        });

        for (int i = 0; i < 3; i++)
        {
            (string text, LlmReceipt receipt) = await AskAsync(sdk);
            Assert.That((text, receipt.Attempts.Count, receipt.Cost.IsExact), Is.EqualTo(("one", 1, true)));
        }
    }

    // Ambiguous: what had begun may be billed.
    [Test]
    [Property("FaultMatrix", "35")]
    public async Task Http2_stream_that_is_reset_is_interrupted()
    {
        FakePortkey fake = new(new FakePortkeyOptions { Http2 = true });
        fake.OnChat(First).Answer(FakePortkeyReply.Stream("one ", "two").WithFault(FakePortkeyStreamFault.Reset(1))).Then.ReplyStream("well");
        FakePortkeyServer server = Keep(await fake.StartServerAsync());
        ServiceProvider sdk = OpenAlone(options =>
        {
            options.Portkey.Endpoint = server.BaseAddress;
            options.Portkey.Http2 = true;
        });

        LlmException failure = await FailureOfAsync(sdk, isStreamed: true);

        Assert.That((failure.ErrorClass, failure.MayBeBilled), Is.EqualTo((LlmErrorClass.Network, true)));
        Assert.That((await AskAsync(sdk, isStreamed: true)).Text, Is.EqualTo("well"));
    }
}
