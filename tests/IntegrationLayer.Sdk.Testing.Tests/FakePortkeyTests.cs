using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Testing.Tests;

public sealed class FakePortkeyTests
{
    [Test]
    public void Waiting_scripts_without_a_clock_are_refused_at_once()
    {
        FakePortkey fake = new();

        Assert.That(() => fake.OnChat().ReplyStream(TimeSpan.FromSeconds(1), "a"), Throws.InvalidOperationException.With.Message.Contains("no clock"));
        Assert.That(() => fake.OnChat().Reply("x").After(TimeSpan.FromSeconds(1)), Throws.InvalidOperationException);
        Assert.That(
            () => fake.OnChat().Reply(FakePortkeyReply.Text("x").WithFault(FakePortkeyStreamFault.Pause(0, TimeSpan.FromSeconds(1)))),
            Throws.InvalidOperationException);
    }

    [Test]
    public void Computed_answer_that_waits_without_a_clock_is_reported()
    {
        FakePortkey fake = new();
        fake.OnChat().Reply(_ => FakePortkeyReply.Text("x").WithBodyDelay(TimeSpan.FromSeconds(1)));
        using HttpClient client = fake.CreateHttpClient();

        Assert.That(() => client.SendAsync(GatewayClient.Request()), Throws.InvalidOperationException.With.Message.Contains("no clock"));
        Assert.That(fake.VerifyAllCalled, Throws.TypeOf<FakeVerificationException>());
    }

    [Test]
    public void Refinement_before_an_answer_is_refused()
    {
        FakePortkey fake = new(new FakeTimeProvider());

        Assert.That(() => fake.OnChat("m").Times(2), Throws.InvalidOperationException.With.Message.Contains("chat m (no answer scripted) has no answer yet"));
        Assert.That(() => fake.OnChat().After(Task.CompletedTask), Throws.InvalidOperationException);
    }

    [Test]
    public async Task Arguments_that_make_no_sense_are_refused()
    {
        FakePortkey fake = new(TimeProvider.System);

        Assert.Throws<ArgumentOutOfRangeException>(() => fake.OnChat().Reply("x").Times(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => fake.OnChat().Reply("x").After(TimeSpan.FromTicks(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FakePortkey(new FakePortkeyOptions { MaxRecordedRequests = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FakePortkey(new FakePortkeyOptions { MaxRequestBytes = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FakePortkey(new FakePortkeyOptions { MaxHeaderBytes = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => FakePortkeyEmbeddings.Hashed(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => FakePortkeyStreamFault.Truncate(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => FakePortkeyStreamFault.Pause(1, TimeSpan.Zero));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => fake.WaitForRequestsAsync(-1));
    }

    [TestCase(-1, 0, 0, 0, 0)]
    [TestCase(0, -1, 0, 0, 0)]
    [TestCase(5, 5, 6, 0, 0)]
    [TestCase(5, 5, 3, 3, 0)]
    [TestCase(5, 5, 0, 0, 6)]
    public void Usage_whose_parts_exceed_the_whole_is_refused(int input, int output, int cached, int written, int reasoning) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FakePortkeyUsage(input, output, cached, written, reasoning));

    [Test]
    public async Task Waiting_for_requests_ends_with_its_token()
    {
        FakePortkey fake = new();
        using CancellationTokenSource patience = new();
        await fake.WaitForRequestsAsync(0);

        Task waiting = fake.WaitForRequestsAsync(1, patience.Token);
        await patience.CancelAsync();

        await Assert.ThrowsAsync<TaskCanceledException>(() => waiting);
    }

    [Test]
    public async Task Response_disposed_early_is_reported_as_cancelled()
    {
        FakePortkey fake = new();
        fake.OnChat().ReplyStream("a", "b", "c");
        using HttpClient client = fake.CreateHttpClient();

        HttpResponseMessage response = await client.SendAsync(GatewayClient.Request(stream: true), HttpCompletionOption.ResponseHeadersRead);
        response.Dispose();

        Assert.That(await fake.Requests[0].Outcome, Is.EqualTo(FakePortkeyOutcome.Cancelled));
    }

    [Test]
    public async Task Body_reads_synchronously_too()
    {
        FakePortkey fake = new();
        fake.OnChat().Reply("x");
        using HttpClient client = fake.CreateHttpClient();

        using HttpResponseMessage response = await client.SendAsync(GatewayClient.Request(), HttpCompletionOption.ResponseHeadersRead);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync());

        Assert.That(reader.ReadToEnd(), Does.Contain("\"content\":\"x\""));
    }

    [Test]
    public async Task Disposed_server_aborts_what_hangs()
    {
        FakePortkey fake = new();
        fake.OnChat().Hang();
        FakePortkeyServer server = await fake.StartServerAsync();
        using HttpClient client = new() { BaseAddress = server.BaseAddress };
        Task<HttpResponseMessage> call = client.SendAsync(GatewayClient.Request());
        await fake.WaitForRequestsAsync(1);

        await server.DisposeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => call);
        Assert.That(await fake.Requests[0].Outcome, Is.EqualTo(FakePortkeyOutcome.Cancelled));
    }

    [Test]
    public async Task Both_fronts_share_one_script()
    {
        FakePortkey fake = new();
        fake.OnChat().Reply("a").Then.Reply("b");
        await using GatewayClient handler = await GatewayClient.OpenAsync(Front.Handler, fake);
        await using GatewayClient server = await GatewayClient.OpenAsync(Front.Server, fake);

        Assert.That(await handler.TextAsync(), Is.EqualTo("a"));
        Assert.That(await server.TextAsync(), Is.EqualTo("b"));
        Assert.That(fake.RequestCount, Is.EqualTo(2));
    }
}
