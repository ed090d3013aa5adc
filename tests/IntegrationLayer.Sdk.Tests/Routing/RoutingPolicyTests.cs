using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Routing;
using IntegrationLayer.Sdk.Tests.Pipeline;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Tests.Routing;

internal sealed class RoutingPolicyTests
{
    [TestCase("LowestCost", "lab/small")]
    [TestCase("highestquality", "other/large")]
    [TestCase("Priority", "other/large")]
    public async Task Policy_is_chosen_by_name_without_regard_to_case(string policy, string first)
    {
        await using var host = new PipelineHost(o =>
        {
            o.RoutingPolicy = policy;
            o.Deployments[0].Priority = 2;
            o.Deployments[1].Priority = 1;
        });

        RouteDecision decision = await host.Client.RouteAsync(new LlmRequest("hello"));
        Assert.That(decision.Ranked[0].Deployment.Name, Is.EqualTo(first));
        Assert.That(decision.Ranked, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Request_may_name_its_own_policy()
    {
        await using var host = new PipelineHost();
        RouteDecision decision = await host.Client.RouteAsync(new LlmRequest("hello") { RoutingPolicy = RoutingPolicies.HighestQuality });

        Assert.That(decision.Policy, Is.EqualTo("HighestQuality"));
        Assert.That(decision.Ranked[0].Deployment.Name, Is.EqualTo("other/large"));
    }

    [Test]
    public async Task Unknown_policy_in_a_request_names_the_known_ones()
    {
        await using var host = new PipelineHost();
        ArgumentException e = await Expect.ThrowsAsync<ArgumentException>(() => host.Client.GetResponseAsync(new LlmRequest("x") { RoutingPolicy = "Cheepest" }));

        Assert.That(e.Message, Does.Contain("'Cheepest'").And.Contain("LowestCost").And.Contain("AddRoutingPolicy"));
    }

    [Test]
    public async Task LowestLatency_prefers_what_was_seen_to_be_fast_and_tries_what_was_never_seen()
    {
        await using var host = new PipelineHost(o => o.RoutingPolicy = RoutingPolicies.LowestLatency);
        host.Gateway.OnCall = _ =>
        {
            host.Time.Advance(host.Gateway.Calls[^1].Model == "small" ? TimeSpan.FromSeconds(2) : TimeSpan.FromMilliseconds(100));
            return Task.CompletedTask;
        };

        string[] order = new string[4];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = (await host.Client.GetResponseAsync("hello")).Receipt.Deployment;
        }

        Assert.That(order[..2], Is.EquivalentTo(new[] { "lab/small", "other/large" }), "both are unknown, so load decides");
        Assert.That(order[2..], Is.EqualTo(new[] { "other/large", "other/large" }));
    }

    [Test]
    public async Task Weighted_spreads_in_proportion_to_the_weights()
    {
        await using var host = new PipelineHost(
            o =>
            {
                o.RoutingPolicy = RoutingPolicies.Weighted;
                o.Deployments[0].Weight = 3;
            },
            b => b.Services.AddSingleton(new RandomSource(42)));

        int small = 0;
        const int Requests = 4_000;
        for (int i = 0; i < Requests; i++)
        {
            RouteDecision decision = await host.Client.RouteAsync(new LlmRequest("hello"));
            small += decision.Ranked[0].Deployment.Name == "lab/small" ? 1 : 0;
        }

        // Binomial(4000, 0.75): four standard deviations are 110.
        Assert.That(small, Is.EqualTo(3_000).Within(110));
    }

    [Test]
    public async Task Weight_zero_is_never_called()
    {
        await using var host = new PipelineHost(o =>
        {
            o.RoutingPolicy = RoutingPolicies.Weighted;
            o.Deployments[0].Weight = 0;
        });

        RouteDecision decision = await host.Client.RouteAsync(new LlmRequest("hello"));
        Assert.That(decision.Ranked.Select(r => r.Deployment.Name), Is.EqualTo(new[] { "other/large" }));
    }

    [TestCase(1, 0, "lab/small")]
    [TestCase(0, 1, "other/large")]
    public async Task Balanced_follows_its_weights(double cost, double quality, string first)
    {
        await using var host = new PipelineHost(
            o => o.RoutingPolicy = RoutingPolicies.Balanced,
            b => b.ConfigureBalancedRouting(o => (o.Cost, o.Quality, o.Latency) = (cost, quality, 0)));

        RouteDecision decision = await host.Client.RouteAsync(new LlmRequest("hello"));
        Assert.That(decision.Ranked[0].Deployment.Name, Is.EqualTo(first));
    }

    [Test]
    public async Task Own_policy_is_registered_by_type_and_may_exclude_candidates()
    {
        await using var host = new PipelineHost(o => o.RoutingPolicy = "OnlyLarge", b => b.AddRoutingPolicy<OnlyLargePolicy>());
        LlmReceipt receipt = (await host.Client.GetResponseAsync("hello")).Receipt;

        Assert.That(receipt.Deployment, Is.EqualTo("other/large"));
        Assert.That(receipt.Routing!.Ranked, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Policy_that_excludes_everything_means_no_eligible_model()
    {
        await using var host = new PipelineHost(o => o.RoutingPolicy = "Nobody", b => b.AddRoutingPolicy<NobodyPolicy>());
        await Expect.ThrowsAsync<NoEligibleModelException>(() => host.Client.GetResponseAsync("hello"));
    }

    private sealed class OnlyLargePolicy : IRoutingPolicy
    {
        public string Name => "OnlyLarge";

        public void Score(in RouteContext context, Span<double> scores)
        {
            for (int i = 0; i < scores.Length; i++)
            {
                scores[i] = context.Deployments[i].Model.Model == "large" ? 0 : double.PositiveInfinity;
            }
        }
    }

    private sealed class NobodyPolicy : IRoutingPolicy
    {
        public string Name => "Nobody";

        public void Score(in RouteContext context, Span<double> scores) => scores.Fill(double.NaN);
    }
}
