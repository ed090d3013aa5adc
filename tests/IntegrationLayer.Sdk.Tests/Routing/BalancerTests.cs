using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Routing;
using IntegrationLayer.Sdk.Tests.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Routing;

internal sealed class BalancerTests
{
    private const double Infinity = double.PositiveInfinity;
    private readonly RandomSource _random = new(11);

    [Test]
    public void Equals_share_requests_evenly()
    {
        int[] firsts = Firsts(4_000, [1, 1, 1, 1, 2]);

        // Binomial(4000, 0.25): four standard deviations are 110.
        Assert.That(firsts[..4], Has.All.EqualTo(1_000).Within(110));
        Assert.That(firsts[4], Is.Zero, "it costs more");
    }

    [Test]
    public void Busier_of_two_comes_second_and_who_can_not_serve_never()
    {
        var loads = new RouteContexts.FakeLoads(3);
        loads.Begin(0, calls: 3);
        int[] firsts = Firsts(100, [1, 1, Infinity], loads: loads);

        Assert.That(firsts, Is.EqualTo(new[] { 0, 100, 0 }));
    }

    [Test]
    public void Twice_the_weight_carries_twice_the_calls()
    {
        var loads = new RouteContexts.FakeLoads(2);
        CandidateColumns columns = RouteContexts.Columns([(0, 0.5, 2), (1, 0.5, 1)]);
        int[] calls = new int[2];
        for (int i = 0; i < 300; i++)
        {
            int first = First(RouteContexts.Of(columns, [1, 1], loads: loads));
            loads.Begin(first);
            calls[first]++;
        }

        Assert.That(calls[0], Is.EqualTo(200).Within(2));
    }

    [Test]
    public void Slower_of_two_carries_fewer_calls()
    {
        var latencies = new LatencyTable(2, new FakeTimeProvider());
        latencies.Record(0, TimeSpan.FromMilliseconds(900), TimeSpan.Zero, 10);
        latencies.Record(1, TimeSpan.FromMilliseconds(300), TimeSpan.Zero, 10);
        var loads = new RouteContexts.FakeLoads(2);
        int[] calls = new int[2];
        CandidateColumns columns = RouteContexts.Columns([(0, 0.5, 1), (1, 0.5, 1)]);
        for (int i = 0; i < 400; i++)
        {
            int first = First(RouteContexts.Of(columns, [1, 1], latencies, loads: loads));
            loads.Begin(first);
            calls[first]++;
        }

        Assert.That(calls[1], Is.EqualTo(300).Within(3));
    }

    [Test]
    public void Never_observed_one_is_tried_but_not_flooded()
    {
        var latencies = new LatencyTable(2, new FakeTimeProvider());
        latencies.Record(0, TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(2_000), 101);
        var loads = new RouteContexts.FakeLoads(2);
        CandidateColumns columns = RouteContexts.Columns([(0, 0.5, 1), (1, 0.5, 1)]);
        int unobserved = 0;
        for (int i = 0; i < 30; i++)
        {
            int first = First(RouteContexts.Of(columns, [1, 1], latencies, loads: loads));
            loads.Begin(first);
            unobserved += first;
        }

        Assert.That(unobserved, Is.InRange(14, 17), "2,250 ms are expected of it, of the other 2,500");
    }

    [Test]
    public void Winner_that_the_ranking_had_left_out_takes_the_first_place()
    {
        double[] costs = new double[300];
        Array.Fill(costs, 1);
        CandidateColumns columns = RouteContexts.Columns(Enumerable.Range(0, 300).Select(i => (i, 0.5, 1.0)));
        var seen = new HashSet<int>();
        for (int i = 0; i < 2_000; i++)
        {
            int[] best = new int[3];
            new LowestCostPolicy(_random).Pick(RouteContexts.Of(columns, costs), best);
            Assert.That(best.Distinct().Count(), Is.EqualTo(3));
            seen.Add(best[0]);
        }

        Assert.That(seen, Has.Count.GreaterThan(290), "all of them, not the first three");
    }

    [Test]
    public void Session_stays_with_one_and_sessions_spread_by_weight()
    {
        CandidateColumns columns = RouteContexts.Columns([(0, 0.5, 3), (1, 0.5, 1), (2, 0.5, 0)]);
        int[] of = new int[3];
        for (ulong session = 1; session <= 2_000; session++)
        {
            int first = First(RouteContexts.Of(columns, [1, 1, 1], affinityKey: StableHash.Mix(session)));
            Assert.That(First(RouteContexts.Of(columns, [1, 1, 1], affinityKey: StableHash.Mix(session))), Is.EqualTo(first));
            of[first]++;
        }

        // Binomial(2000, 0.75): four standard deviations are 77.
        Assert.That(of[0], Is.EqualTo(1_500).Within(77));
        Assert.That(of[2], Is.Zero);
    }

    [Test]
    public void Session_moves_only_if_its_place_is_gone()
    {
        CandidateColumns columns = RouteContexts.Columns(Enumerable.Range(0, 5).Select(i => (i, 0.5, 1.0)));
        for (ulong session = 1; session <= 200; session++)
        {
            ulong key = StableHash.Mix(session);
            int first = First(RouteContexts.Of(columns, [1, 1, 1, 1, 1], affinityKey: key));
            double[] costs = [1, 1, 1, 1, 1];
            costs[(first + 1) % 5] = Infinity;
            Assert.That(First(RouteContexts.Of(columns, costs, affinityKey: key)), Is.EqualTo(first));
        }
    }

    [Test]
    public void Session_leaves_a_place_that_is_too_busy()
    {
        CandidateColumns columns = RouteContexts.Columns(Enumerable.Range(0, 3).Select(i => (i, 0.5, 1.0)));
        int first = First(RouteContexts.Of(columns, [1, 1, 1], affinityKey: 77));
        var loads = new RouteContexts.FakeLoads(3);
        loads.Begin(first, calls: 7);
        Assert.That(First(RouteContexts.Of(columns, [1, 1, 1], loads: loads, affinityKey: 77)), Is.EqualTo(first), "eight are never too many");

        loads.Begin(first);
        Assert.That(First(RouteContexts.Of(columns, [1, 1, 1], loads: loads, affinityKey: 77)), Is.Not.EqualTo(first));

        loads.Begin((first + 1) % 3, calls: 8);
        loads.Begin((first + 2) % 3, calls: 8);
        Assert.That(First(RouteContexts.Of(columns, [1, 1, 1], loads: loads, affinityKey: 77)), Is.EqualTo(first), "no busier than the others");
    }

    // Places are in proportion to weight, and so is what is too much: 1.25 times one's share of the calls.
    [TestCase(1)]
    [TestCase(3)]
    public void Weighted_session_leaves_a_place_that_is_too_busy_for_its_weight(double weight)
    {
        var policy = new WeightedPolicy(new RandomSource(1));
        CandidateColumns columns = RouteContexts.Columns([(0, 0.5, weight), (1, 0.5, weight), (2, 0.5, weight * 2)]);
        int[] Order(RouteContexts.FakeLoads loads, double[]? costs = null)
        {
            int[] best = new int[3];
            return best[..policy.Pick(RouteContexts.Of(columns, costs ?? [1, 1, 1], loads: loads, affinityKey: 77), best)];
        }

        int[] order = Order(new RouteContexts.FakeLoads(3));
        double share = columns.Weight[order[0]] / (weight * 4);
        int most = 8;
        while (most < Math.Ceiling(1.25 * (most + 1) * share))
        {
            most++;
        }

        var loads = new RouteContexts.FakeLoads(3);
        loads.Begin(order[0], most - 1);
        Assert.That(Order(loads), Is.EqualTo(order));
        loads.Begin(order[0]);
        Assert.That(Order(loads), Is.EqualTo(new[] { order[1], order[2], order[0] }), "it comes after the others, and still stands by");
        Assert.That(Order(loads, [.. Enumerable.Range(0, 3).Select(i => i == order[0] ? 1 : Infinity)]), Is.EqualTo(order[..1]), "alone, it is called");
        loads.Begin(order[1], 40);
        loads.Begin(order[2], 40);
        Assert.That(Order(loads)[0], Is.EqualTo(order[0]), "no busier than the others");
    }

    [Test]
    public async Task LeastLoaded_is_a_policy_of_its_own_and_ranks_the_rest_by_load()
    {
        await using var host = new PipelineHost(
            o =>
            {
                o.RoutingPolicy = RoutingPolicies.LeastLoaded;
                o.Deployments.Add(new DeploymentOptions { Account = "lab", Model = "third", InputPrice = 5, OutputPrice = 5 });
                o.Deployments.Add(new DeploymentOptions { Account = "lab", Model = "never", InputPrice = 5, OutputPrice = 5, Weight = 0 });
            },
            b => b.Services.AddSingleton(new RandomSource(3)));
        var gate = new TaskCompletionSource();
        host.Gateway.OnCall = _ => gate.Task;
        Task<LlmResponse>[] running = [.. Enumerable.Range(0, 30).Select(_ => host.Client.GetResponseAsync("x"))];
        string[] called = [.. host.Gateway.Calls.Select(c => c.Model)];
        gate.SetResult();
        await Task.WhenAll(running);

        Assert.That(called.CountBy(m => m).Select(m => m.Value), Has.All.InRange(9, 11));
        Assert.That(called, Has.None.EqualTo("never"));
    }

    [Test]
    public async Task LowestLatency_sends_one_request_to_find_out_and_not_all_of_them()
    {
        await using var host = new PipelineHost(o => o.RoutingPolicy = RoutingPolicies.LowestLatency);
        host.Gateway.OnCall = _ =>
        {
            host.Time.Advance(TimeSpan.FromMilliseconds(100));
            return Task.CompletedTask;
        };
        await host.Client.GetResponseAsync(new LlmRequest("x") { Options = new ChatOptions { ModelId = "small" } });
        var gate = new TaskCompletionSource();
        host.Gateway.OnCall = _ => gate.Task;
        Task<LlmResponse>[] running = [.. Enumerable.Range(0, 5).Select(_ => host.Client.GetResponseAsync("x"))];
        string[] called = [.. host.Gateway.Calls.Skip(1).Select(c => c.Model)];
        gate.SetResult();
        await Task.WhenAll(running);

        Assert.That(called, Is.EqualTo(new[] { "large", "small", "small", "small", "small" }));
    }

    [Test]
    public async Task Session_of_a_request_is_what_keeps_it_in_place()
    {
        await using var host = new PipelineHost(o =>
        {
            o.RoutingPolicy = RoutingPolicies.Weighted;
            for (int i = 0; i < 4; i++)
            {
                o.Deployments.Add(new DeploymentOptions { Account = "lab", Model = $"copy{i}", InputPrice = 1, OutputPrice = 1, MaxOutputTokens = 2_000 });
            }
        });
        foreach (string policy in (string[])["Weighted", "LeastLoaded", "Priority"])
        {
            var places = new HashSet<string>();
            for (int session = 0; session < 50; session++)
            {
                LlmRequest request = new("x") { RoutingPolicy = policy, Context = new LlmRequestContext { SessionId = $"s{session}" } };
                string[] of = [(await host.Client.RouteAsync(request)).Ranked[0].Deployment.Name, (await host.Client.RouteAsync(request)).Ranked[0].Deployment.Name];
                Assert.That(of[1], Is.EqualTo(of[0]), policy);
                places.Add(of[0]);
            }

            Assert.That(places, Has.Count.GreaterThan(2), policy);
        }
    }

    [Test]
    public void Hash_is_the_same_in_every_process()
    {
        Assert.That(StableHash.Of("openai/gpt-4o"), Is.EqualTo(StableHash.Of("openai/gpt-4o".ToCharArray())));
        Assert.That(StableHash.Of("abcd"), Is.Not.EqualTo(StableHash.Of("abce")));
        Assert.That(StableHash.Of("abc"), Is.Not.EqualTo(StableHash.Of("abc", seed: 1)));
        Assert.That(StableHash.Of("integration layer"), Is.EqualTo(Known), "or sessions would move with a new version");
    }

    private const ulong Known = 12170370523092655116;

    private int[] Firsts(int times, double[] costs, RouteContexts.FakeLoads? loads = null)
    {
        CandidateColumns columns = RouteContexts.Columns(costs.Select((_, i) => (i, 0.5, 1.0)));
        int[] firsts = new int[costs.Length];
        for (int i = 0; i < times; i++)
        {
            firsts[First(RouteContexts.Of(columns, costs, loads: loads))]++;
        }

        return firsts;
    }

    private int First(in RouteContext context)
    {
        Span<int> best = stackalloc int[3];
        return new LowestCostPolicy(_random).Pick(context, best) > 0 ? best[0] : -1;
    }
}
