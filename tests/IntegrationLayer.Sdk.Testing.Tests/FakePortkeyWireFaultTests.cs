using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IntegrationLayer.Sdk.Testing.Tests;

public sealed class FakePortkeyWireFaultTests
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(1));

    private static IEnumerable<TestCaseData> Broken()
    {
        yield return new TestCaseData(FakePortkeyWireFault.Close(), HttpRequestError.ResponseEnded);
        yield return new TestCaseData(FakePortkeyWireFault.OversizedHeaders(), HttpRequestError.ConfigurationLimitExceeded);
        yield return new TestCaseData(FakePortkeyWireFault.Raw("HTTP/1.1 200 OK\r\nno header\r\n\r\n"), HttpRequestError.InvalidResponse);
        yield return new TestCaseData(FakePortkeyWireFault.NotHttp(), HttpRequestError.InvalidResponse);
        yield return new TestCaseData(FakePortkeyWireFault.ShortBody(), HttpRequestError.ResponseEnded);
        yield return new TestCaseData(FakePortkeyWireFault.ShortChunk(), HttpRequestError.ResponseEnded);
        yield return new TestCaseData(FakePortkeyWireFault.BadChunk(), HttpRequestError.InvalidResponse);
        yield return new TestCaseData(FakePortkeyWireFault.Raw("HTTP/1.1 two hundred\r\n\r\n"), HttpRequestError.InvalidResponse);
    }

    [OneTimeTearDown]
    public void OneTimeTearDown() => _limit.Dispose();

    [TestCaseSource(nameof(Broken))]
    public async Task Answer_that_breaks_the_rules_fails_as_it_should_and_leaves_the_server_well(FakePortkeyWireFault fault, HttpRequestError expected)
    {
        FakePortkey fake = new();
        fake.OnChat().Answer(fault).Then.Reply("fine");
        await using GatewayClient client = await GatewayClient.OpenAsync(Front.Server, fake);

        HttpRequestError? error = await ErrorOfAsync(client);

        Assert.That(error, Is.EqualTo(expected));
        Assert.That(await client.TextAsync(), Is.EqualTo("fine"));
        Assert.That(await fake.Requests[0].Outcome, Is.AnyOf(Outcomes(expected)));
        fake.VerifyAllCalled();
    }

    // A client that refuses the headers hangs up as soon as it has read too many, which may be before the last of them is written.
    private static object[] Outcomes(HttpRequestError error) => error == HttpRequestError.ConfigurationLimitExceeded
        ? [FakePortkeyOutcome.Completed, FakePortkeyOutcome.Cancelled]
        : [FakePortkeyOutcome.Completed];

    // .NET's client lets these pass, so the bytes are looked at.
    private static IEnumerable<TestCaseData> Ambiguous()
    {
        yield return new TestCaseData(FakePortkeyWireFault.TwoContentLengths(), "\r\nContent-Length: 2\r\nContent-Length: 20\r\n\r\n{}");
        yield return new TestCaseData(FakePortkeyWireFault.HeaderInjection(), "\r\nX-Name: value\rX-Injected: 1\r\n");
    }

    [TestCaseSource(nameof(Ambiguous))]
    public async Task Answer_that_means_several_things_is_sent_as_it_is(FakePortkeyWireFault fault, string expected)
    {
        FakePortkey fake = new();
        fake.OnChat().Answer(fault);
        await using FakePortkeyServer server = await fake.StartServerAsync();
        using TcpClient client = new();
        await client.ConnectAsync("127.0.0.1", server.BaseAddress.Port, _limit.Token);
        await client.GetStream().WriteAsync("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"u8.ToArray(), _limit.Token);

        using StreamReader reader = new(client.GetStream(), Encoding.Latin1);

        Assert.That(await reader.ReadToEndAsync(_limit.Token), Does.Contain(expected));
    }

    [Test]
    public async Task Headers_that_drip_never_end()
    {
        ObservedClock clock = new();
        FakePortkey fake = new(clock);
        fake.OnChat().Answer(FakePortkeyWireFault.DrippingHeaders(TimeSpan.FromSeconds(1)));
        await using GatewayClient client = await GatewayClient.OpenAsync(Front.Server, fake);
        using CancellationTokenSource gone = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token);
        Task<HttpResponseMessage> call = client.SendAsync(GatewayClient.Request(), gone.Token);
        for (int i = 0; i < 80; i++)
        {
            await clock.WaitForTimerAsync(_limit.Token);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(call.IsCompleted, Is.False);
        await gone.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => call);

        Assert.That(await fake.Requests[0].Outcome.WaitAsync(_limit.Token), Is.EqualTo(FakePortkeyOutcome.Cancelled));
    }

    [Test]
    public void Dripping_headers_need_a_clock() =>
        Assert.That(() => new FakePortkey().OnChat().Answer(FakePortkeyWireFault.DrippingHeaders(TimeSpan.FromSeconds(1))), Throws.InvalidOperationException);

    [Test]
    public async Task Interim_answers_come_before_the_good_one()
    {
        FakePortkey fake = new();
        fake.OnChat().Answer(FakePortkeyWireFault.InterimAnswers(FakePortkeyReply.Text("after all")));
        await using GatewayClient client = await GatewayClient.OpenAsync(Front.Server, fake);

        Assert.That(await client.TextAsync(), Is.EqualTo("after all"));
    }

    [Test]
    public async Task Bomb_is_small_on_the_wire_and_large_in_memory()
    {
        FakePortkey fake = new();
        fake.OnChat().Answer(FakePortkeyWireFault.DecompressionBomb(32 * 1024 * 1024));
        await using GatewayClient client = await GatewayClient.OpenAsync(Front.Server, fake);

        using HttpResponseMessage response = await client.SendAsync(GatewayClient.Request());
        byte[] compressed = await response.Content.ReadAsByteArrayAsync();
        using GZipStream gzip = new(new MemoryStream(compressed), CompressionMode.Decompress);
        (long size, byte[] first) = await MeasureAsync(gzip);

        Assert.That(response.Content.Headers.ContentEncoding, Is.EqualTo(["gzip"]));
        Assert.That(compressed, Has.Length.LessThan(128 * 1024));
        Assert.That(size, Is.EqualTo((32 * 1024 * 1024) + 9));
        Assert.That(Encoding.ASCII.GetString(first), Is.EqualTo("""{"id":"aaa"""));
    }

    [Test]
    public async Task Encoding_that_is_none_can_not_be_decompressed()
    {
        FakePortkey fake = new();
        fake.OnChat().Answer(FakePortkeyWireFault.WrongEncoding());
        await using FakePortkeyServer server = await fake.StartServerAsync();
        using HttpClient client = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All }) { BaseAddress = server.BaseAddress };

        Assert.That(async () => await client.SendAsync(GatewayClient.Request()), Throws.InstanceOf<InvalidDataException>().Or.InnerException.InstanceOf<InvalidDataException>());
    }

    [Test]
    public async Task Refused_stream_is_safe_to_send_again_and_the_client_does_so()
    {
        FakePortkey fake = new(new FakePortkeyOptions { Http2 = true });
        fake.OnChat().Answer(FakePortkeyWireFault.RefusedStream()).Then.Reply("second time");
        await using FakePortkeyServer server = await fake.StartServerAsync();
        using HttpClient client = new(new SocketsHttpHandler()) { BaseAddress = server.BaseAddress };

        using HttpResponseMessage response = await client.SendAsync(Http2Request());

        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("second time"));
        Assert.That(fake.RequestCount, Is.EqualTo(2));
    }

    [Test]
    public async Task Connection_that_goes_away_ends_its_answer_and_takes_no_more_requests()
    {
        FakePortkey fake = new(new FakePortkeyOptions { Http2 = true });
        fake.OnChat().Answer(FakePortkeyWireFault.GoAway(FakePortkeyReply.Text("last one"))).Then.Reply("on a new connection");
        await using FakePortkeyServer server = await fake.StartServerAsync();
        await using FaultProxy counted = FaultProxy.Start(server.BaseAddress);
        using HttpClient client = new(new SocketsHttpHandler()) { BaseAddress = counted.Address };

        using HttpResponseMessage last = await client.SendAsync(Http2Request());
        string text = await last.Content.ReadAsStringAsync();
        using HttpResponseMessage next = await client.SendAsync(Http2Request());

        Assert.That(text, Does.Contain("last one"));
        Assert.That(await next.Content.ReadAsStringAsync(), Does.Contain("on a new connection"));
        Assert.That(counted.Statistics.Connections, Is.EqualTo(2));
    }

    [Test]
    public async Task In_process_there_is_no_connection_to_break()
    {
        FakePortkey fake = new();
        fake.OnChat().Answer(FakePortkeyWireFault.NotHttp());
        await using GatewayClient client = await GatewayClient.OpenAsync(Front.Handler, fake);

        await Assert.ThatAsync(() => client.SendAsync(GatewayClient.Request()), Throws.InvalidOperationException.With.Message.Contains("StartServerAsync"));
        Assert.That(fake.VerifyAllCalled, Throws.TypeOf<FakeVerificationException>());
    }

    [TestCase(301)]
    [TestCase(308)]
    public async Task Redirects_have_any_status(int status)
    {
        FakePortkey fake = new();
        fake.OnChat().Fail(FakePortkeyError.Redirect(new Uri("http://127.0.0.1:1/"), status));
        await using GatewayClient client = await GatewayClient.OpenAsync(Front.Server, fake);

        using HttpResponseMessage response = await client.SendAsync(GatewayClient.Request());

        Assert.That(((int)response.StatusCode, response.Headers.Location), Is.EqualTo((status, new Uri("http://127.0.0.1:1/"))));
    }

    [Test]
    public async Task Success_without_content_has_no_body([Values] Front front)
    {
        FakePortkey fake = new();
        fake.OnChat().Fail(FakePortkeyError.NoContent());
        await using GatewayClient client = await GatewayClient.OpenAsync(front, fake);

        using HttpResponseMessage response = await client.SendAsync(GatewayClient.Request());

        Assert.That((response.StatusCode, (await response.Content.ReadAsByteArrayAsync()).Length), Is.EqualTo((HttpStatusCode.NoContent, 0)));
    }

    [Test]
    public void Values_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => FakePortkeyWireFault.DrippingHeaders(TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => FakePortkeyWireFault.OversizedHeaders(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => FakePortkeyWireFault.DecompressionBomb(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => FakePortkeyError.Redirect(new Uri("http://127.0.0.1/"), 400));
    }

    private static HttpRequestMessage Http2Request()
    {
        HttpRequestMessage request = GatewayClient.Request();
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        return request;
    }

    // Before or within the body: the caller sees one or the other.
    private static async Task<HttpRequestError?> ErrorOfAsync(GatewayClient client)
    {
        try
        {
            using HttpResponseMessage response = await client.SendAsync(GatewayClient.Request());
            await response.Content.CopyToAsync(Stream.Null);
            return null;
        }
        catch (HttpRequestException exception)
        {
            return exception.HttpRequestError;
        }
        catch (HttpIOException exception)
        {
            return exception.HttpRequestError;
        }
    }

    private static async Task<(long Size, byte[] First)> MeasureAsync(Stream stream)
    {
        byte[] buffer = new byte[64 * 1024];
        byte[] first = new byte[10];
        long size = 0;
        int count;
        while ((count = await stream.ReadAsync(buffer)) > 0)
        {
            for (int i = 0; i < count && size + i < first.Length; i++)
            {
                first[size + i] = buffer[i];
            }

            size += count;
        }

        return (size, first);
    }
}
