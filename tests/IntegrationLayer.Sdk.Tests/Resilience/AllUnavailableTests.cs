using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Routing;
using IntegrationLayer.Sdk.Tests.Pipeline;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Resilience;

/// <summary>What becomes of a request when everybody who could serve it is ill, resting or full.</summary>
internal sealed class AllUnavailableTests
{
    private static readonly LlmException Down = new("down", LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider) { StatusCode = 503 };

    [Test]
    public async Task Request_waits_for_the_first_to_come_back_and_the_wait_is_not_overhead()
    {
        await using PipelineHost host = Host(AllUnavailablePolicy.WaitEarliest);
        await LimitAsync(host, small: 20, large: 8);
        Task<LlmResponse> request = host.Client.GetResponseAsync("x");
        for (int second = 1; second < 8; second++)
        {
            host.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.That(request.IsCompleted, Is.False);
        }

        host.Time.Advance(TimeSpan.FromSeconds(1));
        LlmReceipt receipt = (await AdvanceUntilAsync(host, request)).Receipt;
        Assert.That(receipt.Deployment, Is.EqualTo("other/large"));
        Assert.That(receipt.Duration, Is.InRange(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(9)));
        Assert.That(receipt.Overhead, Is.LessThan(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task Wait_of_more_than_a_quarter_of_the_time_left_is_not_begun_and_the_least_bad_is_called()
    {
        await using PipelineHost host = Host(AllUnavailablePolicy.WaitEarliest);
        await LimitAsync(host, small: 20, large: 8);
        LlmReceipt receipt = (await host.Client.GetResponseAsync(new LlmRequest("x") { Context = new LlmRequestContext { Timeout = TimeSpan.FromSeconds(30) } })).Receipt;

        Assert.That(receipt.Deployment, Is.EqualTo("lab/small"), "both rest, so it is the policy's choice");
        Assert.That(receipt.Routing!.Rejected, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Wait_is_bounded_for_requests_without_a_deadline()
    {
        await using PipelineHost host = Host(AllUnavailablePolicy.WaitEarliest);
        await LimitAsync(host, small: 31, large: 31);
        LlmResponse response = await host.Client.GetResponseAsync(new LlmRequest("x") { Context = new LlmRequestContext { Timeout = Timeout.InfiniteTimeSpan } });

        Assert.That(response.Receipt.Duration, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public async Task Least_bad_is_one_that_is_paused_before_one_that_asked_to_be_left_alone()
    {
        await using PipelineHost host = Host(AllUnavailablePolicy.LeastBad);
        host.Gateway.Failures["small"] = Limited(60);
        host.Gateway.Failures["large"] = Down;
        for (int i = 0; i < 5; i++)
        {
            await Expect.ThrowsAsync<LlmException>(() => host.Client.GetResponseAsync("x"));
        }

        RouteDecision decision = await host.Client.RouteAsync(new LlmRequest("x"));
        Assert.That(decision.Ranked.Select(r => r.Deployment.Name), Is.EqualTo(new[] { "other/large", "lab/small" }));
        Assert.That(decision.CandidateCount, Is.Zero);

        host.Gateway.Failures.Clear();
        Assert.That((await host.Client.GetResponseAsync("x")).Receipt.Deployment, Is.EqualTo("other/large"));
        Assert.That(host.Get<HealthRegistry>().Get(HealthKind.Deployment, "other/large").Examine().State, Is.EqualTo(HealthState.HalfOpen));
    }

    [Test]
    public async Task Ill_ones_stand_by_behind_the_well_ones()
    {
        await using PipelineHost host = Host(AllUnavailablePolicy.WaitEarliest);
        host.Gateway.Failures["small"] = Down;
        for (int i = 0; i < 5; i++)
        {
            await host.Client.GetResponseAsync("x");
        }

        host.Gateway.Failures.Clear();
        host.Gateway.Failures["large"] = Down;
        LlmReceipt receipt = (await host.Client.GetResponseAsync("x")).Receipt;
        Assert.That(receipt.Attempts.Select(a => a.Deployment), Is.EqualTo(new[] { "other/large", "lab/small" }));
    }

    [Test]
    public async Task Failing_names_a_reason_for_each_and_when_the_first_is_back()
    {
        await using PipelineHost host = Host(AllUnavailablePolicy.Fail);
        await LimitAsync(host, small: 20, large: 8);
        DeploymentsUnavailableException e = await Expect.ThrowsAsync<DeploymentsUnavailableException>(() => host.Client.GetResponseAsync("x"));

        Assert.That(e.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(8)));
        Assert.That((e.ErrorClass, e.ErrorSource, e.IsTransient, e.MayBeBilled), Is.EqualTo((LlmErrorClass.ProviderUnavailable, LlmErrorSource.Sdk, true, false)));
        Assert.That(e.Message, Is.EqualTo(
            "No deployment that can serve the request is available. The first is expected back in 8 s. "
            + "lab/small: cooling until 12:00:20.000Z: too many requests; other/large: cooling until 12:00:08.000Z: too many requests."));
        Assert.That(e.Rejected, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Failing_leaves_ill_ones_out_of_the_plan()
    {
        await using PipelineHost host = Host(AllUnavailablePolicy.Fail);
        await LimitAsync(host, small: 20, large: 0);
        host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await host.Client.RouteAsync(new LlmRequest("x"))).Ranked.Select(r => r.Deployment.Name), Is.EqualTo(new[] { "other/large" }));
    }

    [TestCase(AllUnavailablePolicy.WaitEarliest)]
    [TestCase(AllUnavailablePolicy.LeastBad)]
    public async Task Benched_accounts_are_never_a_last_resort(AllUnavailablePolicy policy)
    {
        await using PipelineHost host = Host(policy);
        host.Gateway.Failures["small"] = new LlmException("pay", LlmErrorClass.QuotaExhausted, LlmErrorSource.Provider);
        host.Gateway.Failures["large"] = new LlmException("no", LlmErrorClass.Authentication, LlmErrorSource.Provider) { StatusCode = 401 };
        await Expect.ThrowsAsync<LlmException>(() => host.Client.GetResponseAsync("x"));
        DeploymentsUnavailableException e = await Expect.ThrowsAsync<DeploymentsUnavailableException>(() => host.Client.GetResponseAsync("x"));

        Assert.That(e.Message, Does.Contain("lab/small: its account lab is benched until 12:15:00.000Z: no money or quota left")
            .And.Contain("other/large: its account other is benched until 13:00:00.000Z: its credential is refused"));
        Assert.That(e.RetryAfter, Is.EqualTo(TimeSpan.FromMinutes(15)));
        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Requirements_hold_for_last_resorts()
    {
        await using PipelineHost host = Host(AllUnavailablePolicy.LeastBad);
        await LimitAsync(host, small: 60, large: 60);
        host.Gateway.Failures["large"] = Down;
        LlmException e = await Expect.ThrowsAsync<LlmException>(() => host.Client.GetResponseAsync(new LlmRequest("x") { Requirements = new Sdk.Models.ModelRequirements { MinQuality = 0.8 } }));

        Assert.That(e.Attempts.Select(a => a.Deployment).Distinct(), Is.EqualTo(new[] { "other/large" }), "the small one is not good enough, however bad things are");
    }

    [Test]
    public async Task Recovery_is_spared_no_traffic_that_nobody_else_can_take()
    {
        await using PipelineHost host = Host(AllUnavailablePolicy.Fail, o =>
        {
            o.MaxAttempts = 1;
            o.Deployments.RemoveAt(1);
        });
        host.Gateway.Failures["small"] = Down;
        for (int i = 0; i < 5; i++)
        {
            await Expect.ThrowsAsync<LlmException>(() => host.Client.GetResponseAsync("x"));
        }

        host.Gateway.Failures.Clear();
        host.Time.Advance(TimeSpan.FromSeconds(5));
        for (int i = 0; i < 30; i++)
        {
            await host.Client.GetResponseAsync("x");
        }

        RouteDecision plan = await host.Client.RouteAsync(new LlmRequest("x"));
        Assert.That(host.Get<HealthRegistry>().Get(HealthKind.Deployment, "lab/small").Examine().State, Is.EqualTo(HealthState.Recovering));
        Assert.That((plan.CandidateCount, plan.Rejected.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task Full_deployment_is_passed_over_with_a_reason()
    {
        await using PipelineHost host = Host(AllUnavailablePolicy.WaitEarliest, o => o.Deployments[0].MaxConcurrency = 1);
        var gate = new TaskCompletionSource();
        host.Gateway.OnCall = _ => gate.Task;
        Task<LlmResponse> first = host.Client.GetResponseAsync("x");
        RouteDecision plan = await host.Client.RouteAsync(new LlmRequest("x"));
        Task<LlmResponse> second = host.Client.GetResponseAsync("x");
        gate.SetResult();

        Assert.That((await first).Receipt.Deployment, Is.EqualTo("lab/small"));
        Assert.That((await second).Receipt.Deployment, Is.EqualTo("other/large"));
        Assert.That(plan.Rejected.Single().ToString(), Is.EqualTo("lab/small: at its concurrency limit of 1"));
        Assert.That((await host.Client.RouteAsync(new LlmRequest("x"))).Rejected, Is.Empty, "there is room again");
    }

    [Test]
    public async Task Requests_wait_in_line_for_a_free_place_without_the_clock()
    {
        await using PipelineHost host = Host(AllUnavailablePolicy.WaitEarliest, o =>
        {
            o.Deployments.RemoveAt(1);
            o.Deployments[0].MaxConcurrency = 2;
        });
        int running = 0, most = 0;
        var gates = new System.Collections.Concurrent.ConcurrentQueue<TaskCompletionSource>();
        host.Gateway.OnCall = async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            gates.Enqueue(gate);
            await gate.Task;
            Interlocked.Decrement(ref running);
        };
        Task<LlmResponse>[] requests = [.. Enumerable.Range(0, 20).Select(_ => host.Client.GetResponseAsync("x"))];
        Task all = Task.WhenAll(requests);
        while (!all.IsCompleted)
        {
            if (gates.TryDequeue(out TaskCompletionSource? gate))
            {
                gate.SetResult();
            }

            await Task.Yield();
        }

        await all;
        Assert.That(most, Is.EqualTo(2));
        Assert.That(host.Get<ConfigurationSource>().Current.Health.Line.Count, Is.Zero);
    }

    [Test]
    public async Task Full_deployments_are_no_last_resort()
    {
        await using PipelineHost host = Host(AllUnavailablePolicy.LeastBad, o =>
        {
            o.Deployments.RemoveAt(1);
            o.Deployments[0].MaxConcurrency = 1;
        });
        var gate = new TaskCompletionSource();
        host.Gateway.OnCall = _ => gate.Task;
        Task<LlmResponse> first = host.Client.GetResponseAsync("x");
        DeploymentsUnavailableException e = await Expect.ThrowsAsync<DeploymentsUnavailableException>(() => host.Client.GetResponseAsync("x"));
        gate.SetResult();
        await first;

        Assert.That(e.Message, Does.Contain("lab/small: at its concurrency limit of 1"));
        Assert.That(e.RetryAfter, Is.Null);
    }

    [Test]
    public async Task Caller_who_gives_up_waiting_and_deadline_that_ends_it_are_told_apart()
    {
        await using PipelineHost host = Host(AllUnavailablePolicy.WaitEarliest, o => o.Resilience.MaxWaitShare = 1);
        await LimitAsync(host, small: 20, large: 20);
        using var caller = new CancellationTokenSource();
        Task<LlmResponse> cancelled = host.Client.GetResponseAsync("x", caller.Token);
        Task<LlmResponse> late = host.Client.GetResponseAsync(new LlmRequest("x") { Context = new LlmRequestContext { Timeout = TimeSpan.FromSeconds(20) } });
        await caller.CancelAsync();

        await Expect.ThrowsAsync<TaskCanceledException>(() => cancelled);
        Assert.That(late.IsCompleted, Is.False);
        host.Time.Advance(TimeSpan.FromSeconds(21));
        LlmException e = await Expect.ThrowsAsync<LlmException>(() => late);
        Assert.That((e.ErrorClass, e.MayBeBilled), Is.EqualTo((LlmErrorClass.Timeout, false)));
        Assert.That(host.Get<ConfigurationSource>().Current.Health.Line.Count, Is.Zero);
    }

    private static PipelineHost Host(AllUnavailablePolicy policy, Action<IntegrationLayerOptions>? configure = null) => new(o =>
    {
        o.Resilience.AllUnavailable = policy;
        o.Resilience.Health.Jitter = 0;
        configure?.Invoke(o);
    });

    private static LlmException Limited(double seconds) =>
        new("slow down", LlmErrorClass.RateLimited, LlmErrorSource.Provider) { StatusCode = 429, RetryAfter = TimeSpan.FromSeconds(seconds) };

    // Both ask to be left alone, and then would answer.
    private static async Task LimitAsync(PipelineHost host, double small, double large)
    {
        host.Gateway.Failures["small"] = Limited(small);
        host.Gateway.Failures["large"] = Limited(large);
        await Expect.ThrowsAsync<LlmException>(() => host.Client.GetResponseAsync("x"));
        host.Gateway.Failures.Clear();
    }

    // Timers' continuations run on other threads: whoever waits may need another look.
    private static async Task<LlmResponse> AdvanceUntilAsync(PipelineHost host, Task<LlmResponse> request)
    {
        while (!request.IsCompleted)
        {
            host.Time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }

        return await request;
    }
}
