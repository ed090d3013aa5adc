using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

/// <summary>Requests that are sent again, through the whole pipeline.</summary>
internal sealed class RetryTests
{
    private static readonly LlmException Unavailable = new("503", LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider) { StatusCode = 503 };

    [Test]
    public async Task Two_deployments_are_called_twice_each_before_a_request_fails()
    {
        await using StreamHost host = Host(Fails(Unavailable));
        LlmException e = await Expect.ThrowsAsync<LlmException>(() => host.Client.GetResponseAsync("hello"));

        Assert.That(host.Gateway.Called, Is.EqualTo(new[] { "lab/small", "other/large", "lab/small", "other/large" }));
        Assert.That(e.Attempts, Has.Count.EqualTo(4));
        Assert.That(e.Message, Does.Contain("None of 4 calls was answered"));
        Assert.That(host.Ledger.Settled.Select(s => s.Usd), Is.EqualTo(new[] { 0m, 0m, 0m, 0m }), "each with a reservation of its own, and none was processed");
    }

    [Test]
    public async Task Second_round_may_succeed()
    {
        int calls = 0;
        await using StreamHost host = Host((call, _) => ++calls < 3 ? Task.FromException<ChatResponse>(Unavailable) : Task.FromResult(ScriptedGateway.Answer(call)));
        LlmReceipt receipt = (await host.Client.GetResponseAsync("hello")).Receipt;
        Assert.That(receipt.Attempts.Select(a => (a.Deployment, a.Error)), Is.EqualTo(new[]
        {
            ("lab/small", LlmErrorClass.ProviderUnavailable), ("other/large", LlmErrorClass.ProviderUnavailable), ("lab/small", LlmErrorClass.None),
        }));
    }

    [Test]
    public async Task Retry_after_is_waited_out_when_nobody_else_can_be_called()
    {
        int calls = 0;
        await using StreamHost host = Host((call, _) => ++calls == 1
            ? Task.FromException<ChatResponse>(new LlmException("429", LlmErrorClass.RateLimited, LlmErrorSource.Provider) { RetryAfter = TimeSpan.FromSeconds(7) })
            : Task.FromResult(ScriptedGateway.Answer(call)));
        Task<LlmResponse> response = host.Client.GetResponseAsync(new LlmRequest("hello") { Options = new ChatOptions { ModelId = "lab/small" } });
        host.Time.Advance(TimeSpan.FromMilliseconds(6_999));
        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(1));
        host.Time.Advance(TimeSpan.FromMilliseconds(1));

        LlmReceipt receipt = (await response).Receipt;
        Assert.That(receipt.Attempts.Select(a => a.Deployment), Is.EqualTo(new[] { "lab/small", "lab/small" }));
        Assert.That(receipt.Overhead, Is.EqualTo(TimeSpan.Zero), "the SDK's own time it wasn't");
        Assert.That(host.Gateway.Calls[1].Envelope.Remaining, Is.EqualTo(TimeSpan.FromSeconds(113)), "one deadline over all calls");
    }

    [Test]
    public async Task Caller_may_cancel_a_wait()
    {
        await using StreamHost host = Host(Fails(new LlmException("429", LlmErrorClass.RateLimited, LlmErrorSource.Provider) { RetryAfter = TimeSpan.FromSeconds(7) }));
        using var caller = new CancellationTokenSource();
        Task<LlmResponse> response = host.Client.GetResponseAsync(new LlmRequest("hello") { Options = new ChatOptions { ModelId = "lab/small" } }, caller.Token);
        await caller.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => response);
        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Ambiguous_failures_are_charged_and_replayed_twice([Values] bool streamed)
    {
        var reset = new LlmException("reset", LlmErrorClass.Network, LlmErrorSource.Gateway) { MayBeBilled = true };
        await using StreamHost host = Host(Fails(reset));
        host.Gateway.OnOpen = (_, _) => Task.FromException<ScriptedStream>(reset);
        LlmException e = await Expect.ThrowsAsync<LlmException>(() => streamed
            ? PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync("hello"))
            : host.Client.GetResponseAsync("hello"));

        Assert.That(host.Gateway.Called, Is.EqualTo(new[] { "lab/small", "other/large", "lab/small" }));
        Assert.That(e.Attempts.Select(a => a.Cost.Status), Is.All.EqualTo(PriceStatus.UpperBound));
        Assert.That(host.Ledger.Settled.Select(s => s.Usd), Is.EqualTo(e.Attempts.Select(a => a.Cost.Usd)));
    }

    [Test]
    public async Task Request_with_side_effects_is_not_replayed()
    {
        await using StreamHost host = Host(Fails(new LlmException("reset", LlmErrorClass.Network, LlmErrorSource.Gateway) { MayBeBilled = true }));
        LlmException e = await Expect.ThrowsAsync<LlmException>(() => host.Client.GetResponseAsync(new LlmRequest("hello") { HasSideEffects = true }));
        Assert.That(e.Attempts, Has.Count.EqualTo(1));
    }

    // A provider that hangs is given up only for another call that may be made.
    [TestCase(false, 60)]
    [TestCase(true, 120)]
    public async Task Call_that_hangs_is_ended_early_only_if_it_may_be_replaced(bool hasSideEffects, int seconds)
    {
        await using StreamHost host = Host((call, token) => call.Deployment.Name == "lab/small" ? ScriptedGateway.Hang<ChatResponse>(token) : Task.FromResult(ScriptedGateway.Answer(call)));
        Task<LlmResponse> response = host.Client.GetResponseAsync(new LlmRequest("hello") { HasSideEffects = hasSideEffects });
        host.Time.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.That(response.IsCompleted, Is.False);
        host.Time.Advance(TimeSpan.FromSeconds(1));
        if (hasSideEffects)
        {
            Assert.That((await Expect.ThrowsAsync<LlmException>(() => response)).ErrorClass, Is.EqualTo(LlmErrorClass.Timeout));
        }
        else
        {
            Assert.That((await response).Receipt.Deployment, Is.EqualTo("other/large"));
        }
    }

    // I9: whatever fails, calls are at most 1.2 times the requests (beyond the hundred that are free).
    [TestCase(1.0)]
    [TestCase(0.5)]
    [TestCase(0.1)]
    public async Task Outage_is_not_answered_with_a_multiple_of_the_traffic(double failing)
    {
        const int Requests = 5_000;
        var random = new RandomSource(1);
        await using StreamHost host = Host((call, _) => random.NextPositive() <= failing
            ? Task.FromException<ChatResponse>(new LlmException("400 ms", LlmErrorClass.GatewayFault, LlmErrorSource.Gateway))
            : Task.FromResult(ScriptedGateway.Answer(call)));
        for (int i = 0; i < Requests; i++)
        {
            try
            {
                await host.Client.GetResponseAsync("hello");
            }
            catch (LlmException)
            {
            }
        }

        Assert.That(host.Gateway.Calls.Count - 100, Is.LessThanOrEqualTo(1.2 * Requests));
    }

    [Test]
    public async Task Idempotency_key_is_the_same_on_every_call()
    {
        await using StreamHost host = Host(Fails(Unavailable));
        await Expect.ThrowsAsync<LlmException>(() => host.Client.GetResponseAsync(new LlmRequest("hello") { Context = new LlmRequestContext { IdempotencyKey = "k1" } }));
        Assert.That(host.Gateway.Calls.Select(c => c.Envelope.Context.IdempotencyKey), Is.EqualTo(new[] { "k1", "k1", "k1", "k1" }));
    }

    [Test]
    public async Task Side_effects_keep_a_request_out_of_the_cache()
    {
        await using var host = new StreamHost(build: b => b.UseExactMatchCache());
        var request = new LlmRequest("hello") { HasSideEffects = true };
        await host.Client.GetResponseAsync(request);
        await host.Client.GetResponseAsync(request);
        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(2));
        await host.Client.GetResponseAsync("hello");
        await host.Client.GetResponseAsync("hello");
        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(3), "without them it is answered from it");
    }

    private static Func<GatewayCall, CancellationToken, Task<ChatResponse>> Fails(LlmException failure) => (_, _) => Task.FromException<ChatResponse>(failure);

    private static StreamHost Host(Func<GatewayCall, CancellationToken, Task<ChatResponse>> onSend)
    {
        var host = new StreamHost(o =>
        {
            o.MaxAttempts = 4;
            o.Resilience.Retries.MaxRetryAfter = TimeSpan.FromMinutes(1);
        });
        host.Gateway.OnSend = onSend;
        return host;
    }
}
