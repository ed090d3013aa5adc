using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Integration.Tests.FaultMatrix;

/// <summary>Rows 8 to 18 and 50: answers that stop, break off, or are not what they should be.</summary>
internal sealed class StreamFaultTests : FaultMatrixTest
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    // Where something has to come within it first, however busy the machine is.
    private static readonly TimeSpan Unhurried = TimeSpan.FromSeconds(1.5);

    [Test]
    [Property("FaultMatrix", "8")]
    public async Task Body_that_does_not_come_ends_the_attempt()
    {
        FakePortkey slow = new(new Microsoft.Extensions.Time.Testing.FakeTimeProvider());
        slow.OnChat(First).Answer(FakePortkeyReply.Text("never").WithBodyDelay(TimeSpan.FromHours(1)));
        slow.OnChat(Second).Reply(Second);
        FakePortkeyServer server = Keep(await slow.StartServerAsync());
        ServiceProvider sdk = Open(options =>
        {
            options.Portkey.Endpoint = server.BaseAddress;
            options.Resilience.Timeouts.Attempt = Short;
        });

        (string text, LlmReceipt receipt) = await AskAsync(sdk);

        Assert.That((text, receipt.Attempts[0].Error), Is.EqualTo((Second, LlmErrorClass.Timeout)));
        Assert.That(await slow.Requests[0].Outcome.WaitAsync(TimeSpan.FromSeconds(10)), Is.EqualTo(FakePortkeyOutcome.Cancelled));
    }

    [Test]
    [Property("FaultMatrix", "9")]
    public async Task Stream_without_content_is_replaced_by_another()
    {
        Fake.OnChat(First).Answer(FakePortkeyReply.Stream("never").WithFault(FakePortkeyStreamFault.Stall(0)));
        ServiceProvider sdk = Open(options => options.Resilience.Timeouts.FirstToken = Short);

        (string text, LlmReceipt receipt) = await AskAsync(sdk, isStreamed: true);

        Assert.That((text, receipt.Attempts[0].Error), Is.EqualTo((Second, LlmErrorClass.FirstTokenTimeout)));
        Assert.That(await Fake.Requests[0].Outcome.WaitAsync(TimeSpan.FromSeconds(10)), Is.EqualTo(FakePortkeyOutcome.Cancelled));
    }

    [Test]
    [Property("FaultMatrix", "10")]
    public async Task Stream_that_falls_silent_is_interrupted_and_charged()
    {
        await InterruptsAsync(FakePortkeyStreamFault.Stall(2), LlmInterruptionReason.Stalled, options => options.Resilience.Timeouts.Stall = Unhurried);
        Assert.That(await Fake.Requests[0].Outcome.WaitAsync(TimeSpan.FromSeconds(10)), Is.EqualTo(FakePortkeyOutcome.Cancelled));
    }

    [Test]
    [Property("FaultMatrix", "11")]
    public Task Stream_that_is_reset_is_interrupted_and_charged() => InterruptsAsync(FakePortkeyStreamFault.Reset(2), LlmInterruptionReason.Reset);

    [Test]
    [Property("FaultMatrix", "12")]
    public async Task Stream_that_ends_too_early_is_interrupted_and_not_cached()
    {
        Fake.OnChat(First).Answer(FakePortkeyReply.Stream("one ", "two").WithFault(FakePortkeyStreamFault.Truncate(1))).Then.ReplyStream("one ", "two");
        ServiceProvider sdk = Open(build: builder => builder.UseExactMatchCache());

        LlmStreamInterruptedException? failure = await Assert.ThrowsAsync<LlmStreamInterruptedException>(() => AskAsync(sdk, isStreamed: true));
        (string Text, LlmReceipt Receipt) whole = await AskAsync(sdk, isStreamed: true);
        (string Text, LlmReceipt Receipt) cached = await AskAsync(sdk, isStreamed: true);

        Assert.That(failure!.Reason, Is.EqualTo(LlmInterruptionReason.Truncated));
        Assert.That((whole.Text, whole.Receipt.Cache), Is.EqualTo(("one two", CacheOutcome.Miss)));
        Assert.That((cached.Text, cached.Receipt.Cache), Is.EqualTo(("one two", CacheOutcome.Hit)), "a whole one is cached");
    }

    private static IEnumerable<TestCaseData> CutShort()
    {
        yield return new TestCaseData(FakePortkeyWireFault.ShortBody(), LlmErrorClass.Network);
        yield return new TestCaseData(FakePortkeyWireFault.ShortChunk(), LlmErrorClass.Network);
        yield return new TestCaseData(FakePortkeyWireFault.BadChunk(), LlmErrorClass.Network);
    }

    [TestCaseSource(nameof(CutShort))]
    [Property("FaultMatrix", "13")]
    public Task Body_that_is_cut_short_is_tried_elsewhere_and_charged(FakePortkeyWireFault fault, LlmErrorClass expected) =>
        TakesOverAsync(fault, expected, mayBeBilled: true, isStreamed: false);

    private static IEnumerable<TestCaseData> NoAnswer()
    {
        yield return new TestCaseData(FakePortkeyError.HtmlPage(200), LlmErrorClass.GatewayFault);
        yield return new TestCaseData(FakePortkeyError.Raw(200, """{"id":"c1","choices":["""), LlmErrorClass.BadOutput);
        yield return new TestCaseData(FakePortkeyError.Raw(200, "{}"), LlmErrorClass.BadOutput);
        yield return new TestCaseData(FakePortkeyError.Raw(200, ""), LlmErrorClass.BadOutput);
    }

    [TestCaseSource(nameof(NoAnswer))]
    [Property("FaultMatrix", "14")]
    public Task Answer_that_is_none_is_tried_elsewhere_and_charged(FakePortkeyError fault, LlmErrorClass expected) =>
        TakesOverAsync(fault, expected, mayBeBilled: true, isStreamed: false);

    [Test]
    [Property("FaultMatrix", "14")]
    public async Task Page_instead_of_an_answer_is_not_quoted()
    {
        Fake.OnChat(First).Fail(FakePortkeyError.Raw(200, "<html><body>Log in to the hotel's network</body></html>", "text/html"));

        LlmException failure = await FailureOfAsync(OpenAlone());

        Assert.That(failure.ErrorClass, Is.EqualTo(LlmErrorClass.GatewayFault));
        Assert.That(failure.ToString(), Does.Not.Contain("hotel"));
    }

    [Test]
    [Property("FaultMatrix", "15")]
    public Task Event_that_is_no_json_before_content_is_tried_elsewhere() => TakesOverAsync(
        FakePortkeyReply.Stream("one").WithFault(FakePortkeyStreamFault.JunkEvent(0)), LlmErrorClass.BadOutput, mayBeBilled: true, isStreamed: true);

    [Test]
    [Property("FaultMatrix", "15")]
    public Task Event_that_is_no_json_after_content_interrupts() => InterruptsAsync(FakePortkeyStreamFault.JunkEvent(2), LlmInterruptionReason.Malformed);

    private static IEnumerable<string> Oddities()
    {
        const string Chunk = """data: {"id":"c1","object":"chat.completion.chunk","model":"first","choices":[{"index":0,"delta":{"content":"wéll"},"finish_reason":null}]}""";
        const string End = """data:{"id":"c1","object":"chat.completion.chunk","model":"first","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";
        string both = $"{Chunk}\n\n{End}\n\n";
        yield return $"\uFEFF{both}data: [DONE]\n\n";
        yield return both.ReplaceLineEndings("\r\n") + "data: [DONE]\r\n\r\n";
        yield return both.ReplaceLineEndings("\r") + "data: [DONE]\r\r";
        yield return $": waiting\n\nid: 7\nretry: 10\nevent: message\n{both}data: [DONE]\n\n";
        yield return $"{both.Replace(",\"choices\"", ",\ndata: \"choices\"", StringComparison.Ordinal)}data: [DONE]\n\n";
        yield return $"{both}data: [DONE]\n\n{Chunk.Replace("wéll", "too late", StringComparison.Ordinal)}\n\ndata: no json\n\n";
        yield return $"unknown: field\n{both}";
    }

    [TestCaseSource(nameof(Oddities))]
    [Property("FaultMatrix", "16")]
    public async Task Oddities_of_event_streams_do_no_harm(string body)
    {
        Fake.OnChat(First).Fail(FakePortkeyError.Raw(200, body, "text/event-stream"));
        Assert.That((await AskAsync(OpenAlone(), isStreamed: true)).Text, Is.EqualTo("wéll"));
    }

    [Test]
    [Property("FaultMatrix", "16")]
    public async Task Characters_split_between_pieces_are_whole()
    {
        Fake.OnChat(First).Answer(FakePortkeyReply.Stream("grün ", "日本 ", "🎈").WithFault(FakePortkeyStreamFault.SplitUtf8()));
        Assert.That((await AskAsync(OpenAlone(), isStreamed: true)).Text, Is.EqualTo("grün 日本 🎈"));
    }

    // The same streams pass a larger limit: the control.
    [TestCase("MaxEventBytes", 1)]
    [TestCase("MaxStreamBytes", 400)]
    [Property("FaultMatrix", "17")]
    public async Task Stream_beyond_a_limit_is_ended(string limit, int pieces)
    {
        FakePortkeyReply reply = FakePortkeyReply.Stream([.. Enumerable.Repeat(new string('x', 32 * 1024 / pieces), pieces)]);
        Fake.OnChat(First).Answer(reply);
        int length = 32 * 1024 / pieces * pieces;
        ServiceProvider sdk = OpenAlone(options =>
        {
            options.Portkey.MaxEventBytes = limit == "MaxEventBytes" ? 16 * 1024 : options.Portkey.MaxEventBytes;
            options.Portkey.MaxStreamBytes = limit == "MaxStreamBytes" ? 16 * 1024 : options.Portkey.MaxStreamBytes;
        });

        LlmException failure = await FailureOfAsync(sdk, isStreamed: true);

        Assert.That(failure.ErrorClass, Is.EqualTo(LlmErrorClass.TooLarge));
        Assert.That(failure.Message, Does.Contain(limit));
        Assert.That((await AskAsync(OpenAlone(), isStreamed: true)).Text, Has.Length.EqualTo(length));
    }

    // Comments keep a connection alive for ever: what they come to is bounded, and none of it is kept.
    [Test]
    [Property("FaultMatrix", "17")]
    public async Task Endless_comments_are_ended_by_the_limit_of_a_stream()
    {
        await using EndlessServer server = new();
        ServiceProvider sdk = OpenAlone(options => options.Portkey.Endpoint = server.Address);

        LlmException failure = await FailureOfAsync(sdk, isStreamed: true);
        await server.Ended.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.That(failure.ErrorClass, Is.EqualTo(LlmErrorClass.TooLarge));
        Assert.That(failure.Message, Does.Contain("MaxStreamBytes"));
        Assert.That(server.Sent, Is.GreaterThanOrEqualTo(64 * 1024 * 1024));
    }

    [Test]
    [Property("FaultMatrix", "18")]
    public Task Error_as_first_event_is_tried_elsewhere() => TakesOverAsync(
        FakePortkeyReply.Stream("one").WithFault(FakePortkeyStreamFault.ErrorEvent(0)), LlmErrorClass.ProviderUnavailable, mayBeBilled: true, isStreamed: true);

    [Test]
    [Property("FaultMatrix", "18")]
    public Task Error_within_a_stream_interrupts_it() => InterruptsAsync(FakePortkeyStreamFault.ErrorEvent(2), LlmInterruptionReason.ProviderError);

    [Test]
    [Property("FaultMatrix", "50")]
    public async Task Stream_that_nobody_reads_on_is_closed_and_charged()
    {
        Fake.OnChat(First).Answer(FakePortkeyReply.Stream("one ", "two").WithFault(FakePortkeyStreamFault.Stall(1)));
        ServiceProvider sdk = OpenAlone(options => options.Resilience.Timeouts.Consumer = Unhurried);
        IAsyncEnumerator<LlmResponseUpdate> abandoned = ClientOf(sdk).GetStreamingResponseAsync("Who answers?").GetAsyncEnumerator();
        do
        {
            Assert.That(await abandoned.MoveNextAsync(), Is.True);
        }
        while (abandoned.Current.Text.Length == 0);

        FakePortkeyOutcome outcome = await Fake.Requests[0].Outcome.WaitAsync(TimeSpan.FromSeconds(10));
        LlmStreamInterruptedException? failure = await Assert.ThrowsAsync<LlmStreamInterruptedException>(async () =>
        {
            while (await abandoned.MoveNextAsync())
            {
            }
        });

        (decimal used, decimal held) = await BudgetOfAsync(sdk);
        Assert.That(outcome, Is.EqualTo(FakePortkeyOutcome.Cancelled));
        Assert.That(failure!.Reason, Is.EqualTo(LlmInterruptionReason.Unread));
        Assert.That((used > 0, held), Is.EqualTo((true, 0m)));
    }
}
