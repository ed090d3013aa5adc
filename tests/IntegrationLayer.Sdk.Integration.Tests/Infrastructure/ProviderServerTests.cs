using System.Net;
using System.Net.Http.Json;
using IntegrationLayer.Sdk.TestSupport.Provider;

namespace IntegrationLayer.Sdk.Integration.Tests.Infrastructure;

/// <summary>The provider by itself, without the gateway before it.</summary>
public sealed class ProviderServerTests
{
    private ObservedClock _clock = null!;
    private ProviderServer _provider = null!;
    private HttpClient _client = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        _clock = new ObservedClock();
        _provider = await ProviderServer.StartAsync(_clock);
        _client = new HttpClient();
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        _client.Dispose();
        await _provider.DisposeAsync();
    }

    [Test]
    public async Task Script_plays_in_order_and_stays_at_its_last_behavior()
    {
        _provider.Script("a", ProviderBehavior.Fails(500), ProviderBehavior.Fails(429), ProviderBehavior.Says("ok"));

        List<int> statuses = [];
        for (int i = 0; i < 4; i++)
        {
            using HttpResponseMessage response = await PostAsync("a");
            statuses.Add((int)response.StatusCode);
        }

        Assert.That(statuses, Is.EqualTo([500, 429, 200, 200]));
    }

    [Test]
    public async Task Script_can_look_at_the_request()
    {
        _provider.Script("a", request => ProviderBehavior.Says(request.Model));

        using HttpResponseMessage response = await PostAsync("a");

        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("\"content\":\"m\""));
    }

    [Test]
    public void Empty_script_is_refused()
    {
        Assert.That(() => _provider.Script("a"), Throws.ArgumentException.With.Message.Contains("'a' is empty"));
    }

    [Test]
    public async Task Latency_passes_on_the_servers_clock()
    {
        _provider.Script("a", ProviderBehavior.Says("ok") with { Latency = TimeSpan.FromHours(1) });

        Task<HttpResponseMessage> call = PostAsync("a");
        await _clock.WaitForTimerAsync();
        _clock.Advance(TimeSpan.FromMinutes(59));
        bool early = call.IsCompleted;
        _clock.Advance(TimeSpan.FromMinutes(1));
        using HttpResponseMessage response = await call;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(early, Is.False);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    [Test]
    public async Task Raw_chunks_come_one_by_one_on_the_servers_clock()
    {
        _provider.Script("a", ProviderBehavior.Sends(418, "text/plain", "one", "two") with { ChunkDelay = TimeSpan.FromHours(1) });

        using HttpRequestMessage request = Request("a");
        using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using Stream stream = await response.Content.ReadAsStreamAsync();
        byte[] first = new byte[3];
        await stream.ReadExactlyAsync(first);
        await _clock.WaitForTimerAsync();
        _clock.Advance(TimeSpan.FromHours(1));
        using StreamReader rest = new(stream);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(418));
            Assert.That(first, Is.EqualTo("one"u8.ToArray()));
            Assert.That(await rest.ReadToEndAsync(), Is.EqualTo("two"));
        }
    }

    [Test]
    public void Reset_reaches_the_client_as_a_broken_connection()
    {
        _provider.Script("a", ProviderBehavior.Resets());

        Assert.That(() => PostAsync("a"), Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task Cut_stream_delivers_its_events_and_then_breaks()
    {
        _provider.Script("a", ProviderBehavior.Says("x", "y") with { Stream = StreamShape.CutAfter(2) });
        using HttpRequestMessage request = Request("a", stream: true);
        using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync());

        List<string> lines = [];
        Assert.That(
            async () =>
            {
                while (await reader.ReadLineAsync() is { } line)
                {
                    lines.Add(line);
                }
            },
            Throws.InstanceOf<IOException>());
        Assert.That(lines.Where(line => line.Length > 0).ToList(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Caller_that_goes_away_is_recorded()
    {
        _provider.Script("a", ProviderBehavior.Says("never") with { HoldHeaders = new TaskCompletionSource().Task });
        using CancellationTokenSource cancellation = new();

        Task<HttpResponseMessage> call = PostAsync("a", cancellation.Token);
        RecordedRequest seen = (await _provider.WaitForRequestsAsync(1)).Single();
        await cancellation.CancelAsync();

        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await seen.ClosedEarly, Is.True);
    }

    [Test]
    public async Task Concurrent_requests_are_all_recorded()
    {
        await Task.WhenAll([.. Enumerable.Range(0, 50).Select(async i =>
        {
            using HttpResponseMessage response = await PostAsync(i % 2 == 0 ? "even" : "odd");
        })]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_provider.Requests, Has.Count.EqualTo(50));
            Assert.That(_provider.RequestsTo("even"), Has.Count.EqualTo(25));
        }
    }

    [Test]
    public void Wait_for_requests_that_never_come_says_how_many_came()
    {
        Assert.That(
            () => _provider.WaitForRequestsAsync(2, "a", TimeSpan.FromMilliseconds(1)),
            Throws.InstanceOf<TimeoutException>().With.Message.Contains("0 of 2"));
    }

    [Test]
    public async Task Unknown_endpoint_is_404()
    {
        using HttpResponseMessage response = await _client.GetAsync(new Uri(_provider.Address, "a/v1/unknown"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Dispose_ends_responses_in_progress()
    {
        ProviderServer server = await ProviderServer.StartAsync();
        server.Script("a", ProviderBehavior.Says("never") with { HoldHeaders = new TaskCompletionSource().Task });
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(server.Address, "a/v1/chat/completions"));
        Task<HttpResponseMessage> call = _client.SendAsync(request);
        await server.WaitForRequestsAsync(1);

        await server.DisposeAsync();

        Assert.That(async () => await call, Throws.InstanceOf<HttpRequestException>());
    }

    private HttpRequestMessage Request(string prefix, bool stream = false) =>
        new(HttpMethod.Post, new Uri(_provider.Address, prefix + "/v1/chat/completions"))
        {
            Content = JsonContent.Create(new { model = "m", stream }),
        };

    private async Task<HttpResponseMessage> PostAsync(string prefix, CancellationToken cancellationToken = default)
    {
        using HttpRequestMessage request = Request(prefix);
        return await _client.SendAsync(request, cancellationToken);
    }
}
