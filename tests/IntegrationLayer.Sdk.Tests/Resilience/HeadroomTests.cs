using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Routing;
using IntegrationLayer.Sdk.Tests.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Resilience;

/// <summary>What providers say of their rate limits, and what that does to requests. The policy is LowestCost: "lab/small" comes first.</summary>
internal sealed class HeadroomTests
{
    [Test]
    public void Bucket_fills_up_evenly_and_says_nothing_once_it_is_full()
    {
        var limit = new RateLimit(100, 1_100, TimeSpan.FromSeconds(10));
        Assert.That(limit.After(TimeSpan.Zero), Is.EqualTo(100));
        Assert.That(limit.After(TimeSpan.FromSeconds(5)), Is.EqualTo(600));
        Assert.That(limit.After(TimeSpan.FromSeconds(10)), Is.Null);
        Assert.That(new RateLimit(100, null, TimeSpan.FromSeconds(10)).After(TimeSpan.FromSeconds(9)), Is.EqualTo(100), "how much it holds isn't known");
    }

    [Test]
    public void Calls_are_taken_off_until_the_provider_speaks_again()
    {
        var time = new FakeTimeProvider();
        var headroom = new Headroom(time);
        Assert.That(headroom.IsShortOf(long.MaxValue), Is.False, "nothing is known");
        headroom.Hear(new RateLimits(time.GetTimestamp(), new RateLimit(2, null, TimeSpan.FromMinutes(1)), new RateLimit(1_000, null, TimeSpan.FromMinutes(1))));
        Assert.That(headroom.IsShortOf(1_000), Is.False);
        Assert.That(headroom.IsShortOf(1_001), Is.True);

        headroom.Spend(400);
        Assert.That(headroom.Left(), Is.EqualTo(((long?)1, (long?)600)));
        headroom.Spend(10);
        Assert.That(headroom.IsShortOf(1), Is.True, "no request is left");
        headroom.Spend(10_000);
        Assert.That(headroom.Left(), Is.EqualTo(((long?)0, (long?)0)));

        headroom.Hear(new RateLimits(time.GetTimestamp(), null, new RateLimit(50, null, TimeSpan.FromMinutes(1))));
        Assert.That(headroom.Left(), Is.EqualTo(((long?)null, (long?)50)));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(headroom.IsShortOf(51), Is.False, "that was long ago");
    }

    [Test]
    public async Task Deployment_that_is_short_comes_after_those_that_are_not_until_its_bucket_has_filled([Values] bool streamed)
    {
        await using StreamHost host = Host(tokens: 10);
        Assert.That(await AskAsync(host, streamed), Is.EqualTo("lab/small"), "nothing is known yet");
        Assert.That(await AskAsync(host, streamed), Is.EqualTo("other/large"));
        RouteDecision decision = await host.Client.RouteAsync(new LlmRequest("hello"));
        Assert.That(decision.Ranked.Select(r => (r.Deployment.Name, r.IsLastResort)), Is.EqualTo(new[] { ("other/large", false), ("lab/small", false) }), "it stands by");
        Assert.That(decision.CandidateCount, Is.EqualTo(2));

        host.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await AskAsync(host, streamed), Is.EqualTo("lab/small"));
    }

    [Test]
    public async Task Short_is_relative_to_the_request()
    {
        await using StreamHost host = Host(tokens: 1_000);
        host.Gateway.Limits = call => call.Deployment.Name == "lab/small" ? new RateLimits(host.Time.GetTimestamp(), null, new RateLimit(1_000, null, TimeSpan.FromMinutes(1))) : null;
        await host.Client.GetResponseAsync("hello");
        var large = new LlmRequest("hello") { Options = new ChatOptions { MaxOutputTokens = 1_500 } };
        var small = new LlmRequest("hello") { Options = new ChatOptions { MaxOutputTokens = 100 } };
        Assert.That((await host.Client.RouteAsync(large)).Ranked[0].Deployment.Name, Is.EqualTo("other/large"));
        Assert.That((await host.Client.RouteAsync(small)).Ranked[0].Deployment.Name, Is.EqualTo("lab/small"));
        Assert.That((await host.Client.RouteAsync(large)).Ranked[0].Deployment.Name, Is.EqualTo("other/large"));
    }

    [Test]
    public async Task One_that_is_short_is_called_when_nobody_else_can_serve_the_request([Values] AllUnavailablePolicy policy)
    {
        await using StreamHost host = Host(tokens: 0, o => o.Resilience.AllUnavailable = policy);
        await host.Client.GetResponseAsync("hello");
        var request = new LlmRequest("hello") { Options = new ChatOptions { ModelId = "lab/small" } };
        Assert.That((await host.Client.GetResponseAsync(request)).Receipt.Deployment, Is.EqualTo("lab/small"), "the provider has the last word");
    }

    [Test]
    public async Task One_that_is_short_comes_before_one_that_is_ill()
    {
        await using StreamHost host = Host(tokens: 0);
        await host.Client.GetResponseAsync("hello");
        host.Get<HealthRegistry>().Get(HealthKind.Deployment, "other/large").Hear(HealthState.Cooling, TimeSpan.FromMinutes(5));
        RouteDecision decision = await host.Client.RouteAsync(new LlmRequest("hello"));
        Assert.That(decision.Ranked.Select(r => (r.Deployment.Name, r.IsLastResort)), Is.EqualTo(new[] { ("lab/small", false), ("other/large", true) }));
    }

    [Test]
    public async Task Calls_under_way_are_reckoned_with_before_the_provider_has_answered()
    {
        await using StreamHost host = Host(tokens: 1_000);
        await host.Client.GetResponseAsync("hello");
        var gate = new TaskCompletionSource();
        host.Gateway.OnSend = async (call, _) =>
        {
            await gate.Task;
            return Pipeline.ScriptedGateway.Answer(call);
        };
        var request = new LlmRequest("hello") { Options = new ChatOptions { MaxOutputTokens = 400 } };
        Task<LlmResponse>[] all = [.. Enumerable.Range(0, 3).Select(_ => host.Client.GetResponseAsync(request))];
        gate.SetResult();
        await Task.WhenAll(all);
        Assert.That(host.Gateway.Called.Skip(1), Is.EqualTo(new[] { "lab/small", "lab/small", "other/large" }));
    }

    [Test]
    public async Task Status_shows_what_is_left()
    {
        await using StreamHost host = Host(tokens: 700);
        await host.Client.GetResponseAsync("hello");
        HealthStatus status = host.Get<IProviderStatus>().GetStatus()[0];
        Assert.That((status.RemainingRequests, status.RemainingTokens), Is.EqualTo(((long?)5, (long?)700)));
        Assert.That(host.Get<IProviderStatus>().GetStatus()[1].RemainingTokens, Is.Null);

        host.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(host.Get<IProviderStatus>().GetStatus()[0].RemainingRequests, Is.Null);
    }

    [Test]
    public async Task All_that_are_short_are_found_among_thousands()
    {
        await using StreamHost host = Host(tokens: 0, o =>
        {
            for (int i = 0; i < 500; i++)
            {
                o.Deployments.Add(new DeploymentOptions { Account = "lab", Model = $"m{i}", InputPrice = 2 + (i * 0.001m), OutputPrice = 2, MaxOutputTokens = 2_000 });
            }
        });
        host.Gateway.Limits = call => call.Deployment.Name == "lab/m499" ? null : new RateLimits(host.Time.GetTimestamp(), new RateLimit(0, null, TimeSpan.FromMinutes(1)), null);
        for (int i = 0; i < 501; i++)
        {
            await host.Client.GetResponseAsync("hello");
        }

        Assert.That((await host.Client.RouteAsync(new LlmRequest("hello"))).Ranked[0].Deployment.Name, Is.EqualTo("lab/m499"));
    }

    private static StreamHost Host(long tokens, Action<IntegrationLayerOptions>? configure = null)
    {
        var host = new StreamHost(configure, b => b.UseBudgetPolicy(new NoLimits()));
        host.Gateway.OnOpen = (_, _) => Task.FromResult(new ScriptedStream { Limits = host.Gateway.Limits(host.Gateway.Calls[^1]) }.Write("hi").Finish().End());
        host.Gateway.Limits = call => call.Deployment.Name == "lab/small"
            ? new RateLimits(host.Time.GetTimestamp(), new RateLimit(5, null, TimeSpan.FromMinutes(1)), new RateLimit(tokens, null, TimeSpan.FromMinutes(1)))
            : null;
        return host;
    }

    private static async Task<string> AskAsync(StreamHost host, bool streamed) => streamed
        ? (await PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync("hello")))[^1].Receipt!.Deployment
        : (await host.Client.GetResponseAsync("hello")).Receipt.Deployment;

    private sealed class NoLimits : IBudgetPolicy
    {
        public IReadOnlyList<BudgetLimit> GetLimits(LlmRequest request) => [];
    }
}
