using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Portkey;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;

namespace IntegrationLayer.Sdk.Tests.Portkey;

[TestFixture]
internal sealed class PortkeyConnectionTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    private const string Chunk = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";

    [Test]
    public async Task Answer_comes_over_a_real_connection()
    {
        await using RawServer server = new($"{Ok}Content-Length: {Call.Answer.Length}\r\n\r\n{Call.Answer}");

        GatewayResponse response = await Gateway(server.Address).SendAsync(Call.Chat(), default);

        Assert.That(response.Content.Text, Is.EqualTo("Hello"));
        Assert.That(server.Received, Does.StartWith("POST /v1/chat/completions HTTP/1.1\r\n").And.Not.Contain("chunked").And.Contain("Accept-Encoding: gzip"));
    }

    [Test]
    public async Task Gateway_that_is_not_there_costs_nothing()
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Uri nobody = new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/v1/");
        listener.Stop();

        LlmException exception = await Call.Failure(() => Gateway(nobody).SendAsync(Call.Chat(), default).AsTask());

        Assert.That((exception.ErrorClass, exception.ErrorSource, exception.MayBeBilled), Is.EqualTo((LlmErrorClass.Network, LlmErrorSource.Gateway, false)));
    }

    [TestCase("", true, TestName = "Connection reset before an answer may be billed")]
    [TestCase("", false, TestName = "Connection closed before an answer may be billed")]
    [TestCase(Ok + "Content-Length: 500\r\n\r\n{\"choices\":", false, TestName = "Body cut short may be billed")]
    [TestCase(Ok + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"cho", false, TestName = "Chunks cut short may be billed")]
    public async Task Broken_connection_may_be_billed(string answer, bool resets)
    {
        await using RawServer server = new(answer, resets);

        LlmException exception = await Call.Failure(() => Gateway(server.Address).SendAsync(Call.Chat(), default).AsTask());

        Assert.That((exception.ErrorClass, exception.ErrorSource, exception.MayBeBilled), Is.EqualTo((LlmErrorClass.Network, LlmErrorSource.Gateway, true)));
    }

    [Test]
    public async Task Answer_that_is_not_http_is_a_fault_of_the_gateway()
    {
        await using RawServer server = new("SSH-2.0-OpenSSH_9.2p1\r\n\r\n");

        LlmException exception = await Call.Failure(() => Gateway(server.Address).SendAsync(Call.Chat(), default).AsTask());

        Assert.That(exception.ErrorClass, Is.EqualTo(LlmErrorClass.GatewayFault));
    }

    [Test]
    public async Task Headers_of_the_answer_are_limited()
    {
        await using RawServer server = new($"{Ok}X-Big: {new string('a', 70 * 1024)}\r\nContent-Length: 2\r\n\r\n{{}}");

        LlmException exception = await Call.Failure(() => Gateway(server.Address).SendAsync(Call.Chat(), default).AsTask());

        Assert.That((exception.ErrorClass, exception.MayBeBilled), Is.EqualTo((LlmErrorClass.TooLarge, true)));
    }

    [Test]
    public async Task Answer_with_two_lengths_is_a_fault_of_the_gateway()
    {
        await using RawServer server = new($"{Ok}Content-Length: {Call.Answer.Length}\r\nContent-Length: 2\r\n\r\n{Call.Answer}");

        LlmException exception = await Call.Failure(async () => await Gateway(server.Address).SendAsync(Call.Chat(), default));

        Assert.That((exception.ErrorClass, exception.MayBeBilled), Is.EqualTo((LlmErrorClass.GatewayFault, true)));
    }

    [Test]
    public async Task Page_of_what_stands_before_the_gateway_is_told_from_the_providers()
    {
        await using RawServer before = new("HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>");
        await using RawServer behind = new("HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nx-portkey-provider: openai\r\nContent-Length: 6\r\n\r\n<html>");

        LlmException own = await Call.Failure(async () => await Gateway(before.Address).SendAsync(Call.Chat(), default));
        LlmException providers = await Call.Failure(async () => await Gateway(behind.Address).SendAsync(Call.Chat(), default));

        Assert.That((own.ErrorClass, own.ErrorSource), Is.EqualTo((LlmErrorClass.ProviderUnavailable, LlmErrorSource.Gateway)));
        Assert.That((providers.ErrorClass, providers.ErrorSource), Is.EqualTo((LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider)));
    }

    [Test]
    public async Task Redirect_is_not_followed_and_tells_the_other_host_nothing()
    {
        await using RawServer other = new(Ok + "Content-Length: 2\r\n\r\n{}");
        await using RawServer server = new($"HTTP/1.1 307 Temporary Redirect\r\nLocation: {other.Address}chat/completions\r\nContent-Length: 0\r\n\r\n");

        LlmException exception = await Call.Failure(() => Gateway(server.Address).SendAsync(Call.Chat(), default).AsTask());

        Assert.That((exception.ErrorClass, exception.StatusCode, other.Connections), Is.EqualTo((LlmErrorClass.GatewayFault, (int?)307, 0)));
    }

    [TestCase("gzip", false)]
    [TestCase("GZIP", false)]
    [TestCase("gzip", true)]
    public async Task Compressed_answer_is_decompressed(string encoding, bool isStream)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(isStream ? $"{Chunk}data: [DONE]\n\n" : Call.Answer));
        }

        string type = isStream ? "text/event-stream" : "application/json";
        await using RawServer server = new(async stream =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Encoding: {encoding}\r\nContent-Length: {compressed.Length}\r\n\r\n"));
            await stream.WriteAsync(compressed.ToArray());
        });

        string text = isStream
            ? string.Concat(await Call.ReadAll(await Gateway(server.Address).OpenStreamAsync(Call.Chat(), default)))
            : (await Gateway(server.Address).SendAsync(Call.Chat(), default)).Content.Text;

        Assert.That(text, Is.EqualTo(isStream ? "a" : "Hello"));
    }

    [Test]
    public async Task Decompressed_bytes_are_counted()
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            byte[] zeros = new byte[1024 * 1024];
            for (int megabyte = 0; megabyte < 64; megabyte++)
            {
                await gzip.WriteAsync(zeros);
            }
        }

        byte[] bomb = compressed.ToArray();
        await using RawServer server = new(async stream =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{Ok}Content-Encoding: gzip\r\nContent-Length: {bomb.Length}\r\n\r\n"));
            await stream.WriteAsync(bomb);
        });

        LlmException exception = await Call.Failure(() => Gateway(server.Address).SendAsync(Call.Chat(), default).AsTask());

        Assert.That(exception.ErrorClass, Is.EqualTo(LlmErrorClass.TooLarge));
    }

    [Test]
    public async Task Wrong_encoding_is_bad_output()
    {
        await using RawServer server = new($"{Ok}Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\nnot gzip!");

        LlmException exception = await Call.Failure(() => Gateway(server.Address).SendAsync(Call.Chat(), default).AsTask());

        Assert.That(exception.ErrorClass, Is.EqualTo(LlmErrorClass.BadOutput));
    }

    [Test]
    public async Task Error_whose_body_breaks_is_judged_by_its_status()
    {
        await using RawServer server = new("HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nRetry-After: 3\r\nContent-Length: 500\r\n\r\n{\"err");

        LlmException exception = await Call.Failure(() => Gateway(server.Address).SendAsync(Call.Chat(), default).AsTask());

        Assert.That((exception.ErrorClass, exception.RetryAfter), Is.EqualTo((LlmErrorClass.RateLimited, TimeSpan.FromSeconds(3))));
    }

    [Test]
    public async Task Closing_a_stream_closes_its_connection()
    {
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RawServer server = new(async stream =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n{Chunk}"));
            await RawServer.WaitForEndAsync(stream);
            closed.SetResult();
        });
        GatewayStream stream = await Gateway(server.Address).OpenStreamAsync(Call.Chat(), default);
        Assert.That(await stream.MoveNextAsync(), Is.True);

        await stream.DisposeAsync();

        await closed.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Test]
    public async Task Cancelling_ends_a_call_that_waits()
    {
        using CancellationTokenSource source = new();
        TaskCompletionSource received = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RawServer server = new(async stream =>
        {
            received.SetResult();
            await RawServer.WaitForEndAsync(stream);
        });
        Task<GatewayResponse> call = Gateway(server.Address).SendAsync(Call.Chat(), source.Token).AsTask();
        await received.Task;

        await source.CancelAsync();

        await Assert.CatchAsync<OperationCanceledException>(() => call);
    }

    [Test]
    public async Task Cancelling_ends_an_answer_and_a_stream_that_stall()
    {
        await using RawServer whole = new(async stream =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{Ok}Content-Length: 500\r\n\r\n{{"));
            await RawServer.WaitForEndAsync(stream);
        });
        await using RawServer streamed = new(async stream =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n{Chunk}"));
            await RawServer.WaitForEndAsync(stream);
        });
        using CancellationTokenSource source = new();
        Task<GatewayResponse> answer = Gateway(whole.Address).SendAsync(Call.Chat(), source.Token).AsTask();
        await using GatewayStream stream = await Gateway(streamed.Address).OpenStreamAsync(Call.Chat(), source.Token);
        await stream.MoveNextAsync();
        ValueTask<bool> next = stream.MoveNextAsync();

        await source.CancelAsync();

        await Assert.CatchAsync<OperationCanceledException>(() => answer);
        await Assert.CatchAsync<OperationCanceledException>(async () => await next);
    }

    [Test]
    public async Task Cancelled_call_is_not_sent()
    {
        ScriptedHandler handler = ScriptedHandler.Json(Call.Answer);

        await Assert.CatchAsync<OperationCanceledException>(() => Call.Gateway(handler).SendAsync(Call.Chat(), new CancellationToken(canceled: true)).AsTask());

        Assert.That(handler.Count, Is.Zero);
    }

    [TestCase(HttpRequestError.NameResolutionError, LlmErrorClass.Network, false)]
    [TestCase(HttpRequestError.ConnectionError, LlmErrorClass.Network, false)]
    [TestCase(HttpRequestError.SecureConnectionError, LlmErrorClass.Network, false)]
    [TestCase(HttpRequestError.ProxyTunnelError, LlmErrorClass.Network, false)]
    [TestCase(HttpRequestError.ResponseEnded, LlmErrorClass.Network, true)]
    [TestCase(HttpRequestError.Unknown, LlmErrorClass.Network, true)]
    public async Task Failure_of_the_transport_is_sorted(HttpRequestError error, LlmErrorClass expected, bool mayBeBilled)
    {
        LlmException exception = await Call.Failure(() => Call.Gateway(ScriptedHandler.Failing(new HttpRequestException(error, "x"))).SendAsync(Call.Chat(), default).AsTask());

        Assert.That((exception.ErrorClass, exception.MayBeBilled, exception.TraceId), Is.EqualTo((expected, mayBeBilled, "trace-1")));
    }

    [Test]
    public async Task Connection_that_is_not_made_in_time_costs_nothing()
    {
        Exception[] all =
        [
            new TaskCanceledException("x", new TimeoutException()), new HttpRequestException("x", new AuthenticationException()),
            new HttpRequestException("x", new SocketException((int)SocketError.ConnectionRefused)),
        ];
        foreach (Exception thrown in all)
        {
            LlmException exception = await Call.Failure(() => Call.Gateway(ScriptedHandler.Failing(thrown)).SendAsync(Call.Chat(), default).AsTask());
            Assert.That((exception.ErrorClass, exception.MayBeBilled), Is.EqualTo((LlmErrorClass.Network, false)));
        }
    }

    [Test]
    public async Task Failure_while_the_caller_gives_up_is_his_cancellation()
    {
        using CancellationTokenSource source = new();
        ScriptedHandler handler = new(_ =>
        {
            source.Cancel();
            throw new HttpRequestException("x");
        });

        await Assert.CatchAsync<OperationCanceledException>(() => Call.Gateway(handler).SendAsync(Call.Chat(), source.Token).AsTask());
    }

    [Test]
    [Property("FaultMatrix", "35")]
    public void Handler_is_set_up_as_the_gateway_needs_it()
    {
        using SocketsHttpHandler handler = PortkeyHttpClient.CreateHandler(new PortkeyOptions { ConnectTimeout = TimeSpan.FromSeconds(3) });
        using SocketsHttpHandler old = PortkeyHttpClient.CreateHandler(new PortkeyOptions { AllowTls12 = true });

        Assert.Multiple(() =>
        {
            Assert.That((handler.AllowAutoRedirect, handler.UseCookies, handler.MaxResponseHeadersLength), Is.EqualTo((false, false, 64)));
            Assert.That((handler.PooledConnectionIdleTimeout, handler.PooledConnectionLifetime, handler.ConnectTimeout),
                Is.EqualTo((TimeSpan.FromSeconds(4), TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(3))));
            Assert.That(handler.AutomaticDecompression, Is.EqualTo(DecompressionMethods.None));
            Assert.That(handler.SslOptions.EnabledSslProtocols, Is.EqualTo(SslProtocols.Tls13));
            Assert.That(old.SslOptions.EnabledSslProtocols, Is.EqualTo(SslProtocols.Tls12 | SslProtocols.Tls13));
        });
    }

    [Test]
    public void Client_is_registered_for_ever_and_without_loggers()
    {
        ServiceCollection services = new();
        services.AddPortkeyHttpClient(_ => new PortkeyOptions());
        using ServiceProvider provider = services.BuildServiceProvider();

        HttpClientFactoryOptions options = provider.GetRequiredService<Microsoft.Extensions.Options.IOptionsMonitor<HttpClientFactoryOptions>>().Get(PortkeyDefaults.HttpClientName);
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient(PortkeyDefaults.HttpClientName);

        Assert.That((client.Timeout, options.HandlerLifetime), Is.EqualTo((Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan)));
    }

    private static PortkeyGateway Gateway(Uri address)
    {
        PortkeyOptions options = new() { Endpoint = address };
        return Call.Gateway(PortkeyHttpClient.CreateHandler(options), options);
    }
}
