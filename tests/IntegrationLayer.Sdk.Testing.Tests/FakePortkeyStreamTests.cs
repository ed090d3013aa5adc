using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Testing.Tests;

[TestFixture(Front.Handler)]
[TestFixture(Front.Server)]
public sealed class FakePortkeyStreamTests(Front front)
{
    private static readonly FakePortkeyReply Abc = FakePortkeyReply.Stream("a", "b", "c");
    private FakeTimeProvider _time = null!;
    private FakePortkey _fake = null!;
    private GatewayClient _client = null!;

    [SetUp]
    public async Task Open()
    {
        _time = new FakeTimeProvider();
        _fake = new FakePortkey(_time);
        _client = await GatewayClient.OpenAsync(front, _fake);
    }

    [TearDown]
    public async Task Close() => await _client.DisposeAsync();

    [TestCase(0, "")]
    [TestCase(2, "ab")]
    [TestCase(9, "abc")]
    public async Task Truncated_stream_ends_cleanly_without_a_terminal_event(int after, string text)
    {
        StreamReading stream = await ReadAsync(FakePortkeyStreamFault.Truncate(after));

        Assert.That(stream.Failure, Is.Null);
        Assert.That(stream.Text, Is.EqualTo(text));
        Assert.That(stream.FinishReason, Is.Null);
        Assert.That(stream.IsDone, Is.False);
        Assert.That(await _fake.Requests[0].Outcome, Is.EqualTo(FakePortkeyOutcome.Completed));
    }

    [Test]
    public async Task Reset_stream_fails_the_reader_after_what_was_sent()
    {
        StreamReading stream = await ReadAsync(FakePortkeyStreamFault.Reset(2));

        Assert.That(stream.Failure, Is.InstanceOf<HttpIOException>());
        Assert.That(stream.Text, Is.EqualTo("ab"));
        Assert.That(await _fake.Requests[0].Outcome, Is.EqualTo(FakePortkeyOutcome.Reset));
    }

    [Test]
    public async Task Error_event_ends_the_stream_without_done()
    {
        StreamReading stream = await ReadAsync(FakePortkeyStreamFault.ErrorEvent(1));

        Assert.That(stream.Text, Is.EqualTo("a"));
        Assert.That(stream.Payloads[^1], Is.EqualTo(
            """{"error":{"message":"The server had an error while processing your request","type":"server_error","param":null,"code":null}}"""));
    }

    [Test]
    public async Task Error_as_finish_reason_has_no_model_and_no_index()
    {
        StreamReading stream = await ReadAsync(FakePortkeyStreamFault.ErrorFinishReason(1), provider: "anthropic");

        Assert.That(stream.Payloads[^2], Is.EqualTo(
            """{"id":"anthropic-1","object":"chat.completion.chunk","created":946684800,"model":"","provider":"anthropic","choices":[{"finish_reason":"overloaded_error","delta":{"content":""}}]}"""));
        Assert.That(stream.IsDone);
    }

    [Test]
    public async Task Stalled_stream_goes_on_when_released()
    {
        TaskCompletionSource release = new();
        _fake.OnChat().Reply(Abc.WithFault(FakePortkeyStreamFault.Stall(2, release.Task)));
        using HttpResponseMessage response = await _client.SendAsync(GatewayClient.Request(stream: true));
        Task<StreamReading> reading = StreamReading.ReadAsync(response);

        await Task.Yield();
        Assert.That(reading.IsCompleted, Is.False);
        release.SetResult();

        Assert.That((await reading).Text, Is.EqualTo("abc"));
    }

    [Test]
    public async Task Stalled_stream_ends_when_the_client_gives_up()
    {
        _fake.OnChat().Reply(Abc.WithFault(FakePortkeyStreamFault.Stall(1)));
        using CancellationTokenSource patience = new();
        using HttpResponseMessage response = await _client.SendAsync(GatewayClient.Request(stream: true));
        Stream body = await response.Content.ReadAsStreamAsync();
        await ReadUntilAsync(body, "\"a\"");

        ValueTask<int> read = body.ReadAsync(new byte[1024], patience.Token);
        await patience.CancelAsync();

        Assert.That(async () => await read, Throws.InstanceOf<OperationCanceledException>());
        response.Dispose();
        Assert.That(await _fake.Requests[0].Outcome, Is.EqualTo(FakePortkeyOutcome.Cancelled));
    }

    [Test]
    public async Task Failed_release_task_fails_the_stream()
    {
        _fake.OnChat().Reply(Abc.WithFault(FakePortkeyStreamFault.Stall(1, Task.FromException(new TimeoutException("the test's own fault")))));
        using HttpResponseMessage response = await _client.SendAsync(GatewayClient.Request(stream: true));

        Assert.That(async () => await response.Content.ReadAsStringAsync(), Throws.Exception);
        Assert.That(await _fake.Requests[0].Outcome, Is.EqualTo(FakePortkeyOutcome.Refused));
        Assert.That(_fake.VerifyAllCalled, Throws.TypeOf<FakeVerificationException>().With.Message.Contains("the test's own fault"));
    }

    [Test]
    public async Task Junk_event_comes_in_between()
    {
        StreamReading stream = await ReadAsync(FakePortkeyStreamFault.JunkEvent(1, "nonsense"));

        Assert.That(stream.Text, Is.EqualTo("abc"));
        Assert.That(stream.Payloads[2], Is.EqualTo("nonsense"));
        Assert.That(stream.IsDone);
    }

    [Test]
    public async Task Crlf_separates_events_when_asked()
    {
        StreamReading stream = await ReadAsync(FakePortkeyStreamFault.CrLf());

        Assert.That(stream.Raw, Does.EndWith("data: [DONE]\r\n\r\n"));
        Assert.That(stream.Raw.Replace("\r\n", string.Empty, StringComparison.Ordinal), Does.Not.Contain("\n"));
        Assert.That(stream.Text, Is.EqualTo("abc"));
    }

    [Test]
    public async Task Comments_precede_events_when_asked()
    {
        StreamReading stream = await ReadAsync(FakePortkeyStreamFault.Comments());

        Assert.That(stream.Raw, Does.StartWith(": OPENROUTER PROCESSING\n\ndata: {"));
        Assert.That(stream.Text, Is.EqualTo("abc"));
    }

    [Test]
    public async Task Faults_combine()
    {
        StreamReading stream = await ReadAsync(
            Abc.WithFault(FakePortkeyStreamFault.CrLf()).WithFault(FakePortkeyStreamFault.Comments("ping")).WithFault(FakePortkeyStreamFault.Truncate(2)));

        Assert.That(stream.Raw, Does.StartWith(": ping\r\n\r\n"));
        Assert.That(stream.Text, Is.EqualTo("ab"));
        Assert.That(stream.IsDone, Is.False);
    }

    [Test]
    public async Task Missing_usage_and_missing_done_leave_them_out()
    {
        _fake.OnChat().Reply(Abc.WithFault(FakePortkeyStreamFault.MissingUsage()).WithFault(FakePortkeyStreamFault.MissingDone()));

        StreamReading stream = await _client.StreamAsync(usage: true);

        Assert.That(stream.Usages, Is.Empty);
        Assert.That(stream.FinishReason, Is.EqualTo("stop"));
        Assert.That(stream.IsDone, Is.False);
    }

    [Test]
    public async Task Split_characters_arrive_whole_in_the_end()
    {
        _fake.OnChat().Reply(FakePortkeyReply.Stream("é漢🙂", "Ω").WithFault(FakePortkeyStreamFault.SplitUtf8()));
        using HttpResponseMessage response = await _client.SendAsync(GatewayClient.Request(stream: true));
        Stream body = await response.Content.ReadAsStreamAsync();
        List<byte[]> reads = [];
        byte[] buffer = new byte[4096];
        int count;
        while ((count = await body.ReadAsync(buffer)) > 0)
        {
            reads.Add(buffer[..count]);
        }

        Assert.That(Encoding.UTF8.GetString([.. reads.SelectMany(read => read)]), Does.Contain("é漢🙂").And.Contain("Ω"));
        if (front == Front.Handler)
        {
            Assert.That(reads.Select(read => Encoding.UTF8.GetString(read)), Has.Some.Contains("\ufffd"), "a read ends inside a character");
        }
    }

    [Test]
    public async Task Chunks_arrive_one_interval_apart()
    {
        _fake.OnChat().ReplyStream(TimeSpan.FromSeconds(1), "a", "b");
        using HttpResponseMessage response = await _client.SendAsync(GatewayClient.Request(stream: true));
        Stream body = await response.Content.ReadAsStreamAsync();

        await ReadUntilAsync(body, "assistant");
        Task<string> first = ReadUntilAsync(body, "\"a\"");
        _time.Advance(TimeSpan.FromMilliseconds(999));
        await Task.Yield();
        Assert.That(first.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await first;
        _time.Advance(TimeSpan.FromSeconds(1));
        await ReadUntilAsync(body, "[DONE]");

        Assert.That(await _fake.Requests[0].Outcome, Is.EqualTo(FakePortkeyOutcome.Completed));
    }

    [Test]
    public async Task Time_that_passed_before_the_reader_came_counts()
    {
        _fake.OnChat().ReplyStream(TimeSpan.FromSeconds(1), "a", "b", "c");
        using HttpResponseMessage response = await _client.SendAsync(GatewayClient.Request(stream: true));

        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.That((await StreamReading.ReadAsync(response)).Text, Is.EqualTo("abc"));
    }

    [Test]
    public async Task Pause_lasts_as_long_as_scripted()
    {
        _fake.OnChat().Reply(Abc.WithFault(FakePortkeyStreamFault.Pause(2, TimeSpan.FromMinutes(5))));
        using HttpResponseMessage response = await _client.SendAsync(GatewayClient.Request(stream: true));
        Task<StreamReading> reading = StreamReading.ReadAsync(response);

        _time.Advance(TimeSpan.FromMinutes(4));
        await Task.Yield();
        Assert.That(reading.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.That((await reading).Text, Is.EqualTo("abc"));
    }

    private static async Task<string> ReadUntilAsync(Stream body, string text)
    {
        StringBuilder seen = new();
        byte[] buffer = new byte[4096];
        while (!seen.ToString().Contains(text, StringComparison.Ordinal))
        {
            int read = await body.ReadAsync(buffer);
            Assert.That(read, Is.Positive, $"the stream ended before {text}");
            seen.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return seen.ToString();
    }

    private Task<StreamReading> ReadAsync(FakePortkeyStreamFault fault, string provider = "openai") => ReadAsync(Abc.WithFault(fault), provider);

    private Task<StreamReading> ReadAsync(FakePortkeyReply reply, string provider = "openai")
    {
        _fake.OnChat().Reply(reply);
        return _client.StreamAsync(provider: provider);
    }
}
