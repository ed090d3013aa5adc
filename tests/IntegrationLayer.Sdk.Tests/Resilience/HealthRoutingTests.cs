using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Routing;
using IntegrationLayer.Sdk.Tests.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Tests.Resilience;

/// <summary>What the health of deployments and accounts does to requests, plan and real call alike. The policy is LowestCost: "lab/small" comes first.</summary>
internal sealed class HealthRoutingTests
{
    private static readonly LlmException Down = new("down", LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider) { StatusCode = 503 };

    [Test]
    public async Task Deployment_that_fails_five_times_in_a_row_is_left_out_with_a_reason()
    {
        await using PipelineHost host = Host();
        host.Gateway.Failures["small"] = Down;
        for (int i = 0; i < 5; i++)
        {
            Assert.That((await host.Client.GetResponseAsync("x")).Receipt.Attempts, Has.Count.EqualTo(2));
        }

        LlmReceipt receipt = (await host.Client.GetResponseAsync("x")).Receipt;
        RouteDecision plan = await host.Client.RouteAsync(new LlmRequest("x"));
        foreach (RouteDecision decision in (RouteDecision[])[receipt.Routing!, plan])
        {
            Assert.That(decision.Ranked[0].Deployment.Name, Is.EqualTo("other/large"));
            Assert.That(decision.CandidateCount, Is.EqualTo(1));
            Assert.That(decision.Rejected, Is.EqualTo(new[] { new RejectedDeployment("lab/small", "open until 12:00:05.000Z: 5 failures in a row") }));
        }

        Assert.That(receipt.Attempts, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Reason_is_that_of_the_moment_of_the_decision()
    {
        await using PipelineHost host = Host();
        host.Gateway.Failures["small"] = Limited(2);
        await host.Client.GetResponseAsync("x");
        RouteDecision decision = await host.Client.RouteAsync(new LlmRequest("x"));
        host.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.That(decision.Rejected.Single().Reason, Is.EqualTo("cooling until 12:00:02.000Z: too many requests"));
    }

    [Test]
    public async Task Rate_limited_deployment_is_left_alone_for_as_long_as_it_asked()
    {
        await using PipelineHost host = Host();
        host.Gateway.Failures["small"] = Limited(30);
        await host.Client.GetResponseAsync("x");
        host.Gateway.Failures.Clear();
        host.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.That(await DeploymentAsync(host), Is.EqualTo("other/large"));

        host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await DeploymentAsync(host), Is.EqualTo("lab/small"));
    }

    [Test]
    public async Task Deployment_recovers_by_trials_of_real_traffic()
    {
        await using PipelineHost host = Host();
        host.Gateway.Failures["small"] = Down;
        await CallAsync(host, times: 5);
        host.Gateway.Failures.Clear();
        host.Time.Advance(TimeSpan.FromSeconds(5));
        await CallAsync(host, times: 3);
        Assert.That(host.Gateway.Calls[^3..].Select(c => c.Model), Is.EqualTo(new[] { "small", "small", "small" }), "three trials");

        int before = host.Gateway.Calls.Count;
        await CallAsync(host, times: 100);
        int small = host.Gateway.Calls[before..].Count(c => c.Model == "small");
        Assert.That(small, Is.InRange(3, 40), "then a share that grows");

        host.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.That(await DeploymentAsync(host), Is.EqualTo("lab/small"));
    }

    [Test]
    public async Task Of_concurrent_requests_one_is_the_trial_and_the_others_go_elsewhere()
    {
        await using PipelineHost host = Host();
        host.Gateway.Failures["small"] = Down;
        await CallAsync(host, times: 5);
        host.Gateway.Failures.Clear();
        host.Time.Advance(TimeSpan.FromSeconds(5));
        var gate = new TaskCompletionSource();
        host.Gateway.OnCall = _ => gate.Task;
        Task<LlmResponse>[] all = [.. Enumerable.Range(0, 10).Select(_ => host.Client.GetResponseAsync("x"))];
        RouteDecision meanwhile = await host.Client.RouteAsync(new LlmRequest("x"));
        gate.SetResult();
        await Task.WhenAll(all);

        Assert.That(host.Gateway.Calls[^10..].Count(c => c.Model == "small"), Is.EqualTo(1));
        Assert.That(meanwhile.Rejected.Single().Reason, Is.EqualTo("half-open: 5 failures in a row"));
    }

    [Test]
    public async Task Degraded_deployment_gets_half_of_its_traffic_and_stands_by_for_the_rest()
    {
        await using PipelineHost host = Host();
        CircuitBreaker breaker = host.Get<HealthRegistry>().Get(HealthKind.Deployment, "lab/small");
        for (int i = 0; i < 20; i++)
        {
            breaker.TryEnter(false, out Permit permit);
            breaker.Leave(permit, i % 5 == 4 ? CallOutcome.Failure : CallOutcome.Success);
        }

        int first = 0;
        for (int i = 0; i < 1_000; i++)
        {
            RouteDecision decision = await host.Client.RouteAsync(new LlmRequest("x"));
            Assert.That(decision.Ranked, Has.Count.EqualTo(2));
            Assert.That(decision.Rejected, Is.Empty);
            first += decision.Ranked[0].Deployment.Name == "lab/small" ? 1 : 0;
        }

        // Binomial(1000, 0.5): four standard deviations are 63.
        Assert.That(first, Is.EqualTo(500).Within(64));
    }

    [Test]
    public async Task Exhausted_quota_benches_the_account_with_all_its_models()
    {
        await using PipelineHost host = Host(o => o.Deployments.Add(Sibling()));
        host.Gateway.Failures["small"] = new LlmException("pay", LlmErrorClass.QuotaExhausted, LlmErrorSource.Provider) { StatusCode = 429 };
        await CallAsync(host, times: 1);
        RouteDecision decision = await host.Client.RouteAsync(new LlmRequest("x"));

        Assert.That(decision.Ranked.Select(r => r.Deployment.Name), Is.EqualTo(new[] { "other/large" }));
        Assert.That(decision.Rejected.Select(r => r.ToString()), Is.EqualTo(new[]
        {
            "lab/small: its account lab is benched until 12:15:00.000Z: no money or quota left",
            "lab/sibling: its account lab is benched until 12:15:00.000Z: no money or quota left",
        }));
        Assert.That(host.Gateway.Calls.Select(c => c.Model), Is.EqualTo(new[] { "small", "large" }), "the sibling is not even tried");
    }

    [Test]
    public async Task Refused_credential_benches_the_account_until_another_one_is_configured()
    {
        string key = "sk-dead";
        await using PipelineHost host = Host(o => o.Accounts["lab"].ApiKey = key);
        host.Gateway.Failures["small"] = new LlmException("no", LlmErrorClass.Authentication, LlmErrorSource.Provider) { StatusCode = 401 };
        await CallAsync(host, times: 2);
        Assert.That(host.Gateway.Calls.Count(c => c.Model == "small"), Is.EqualTo(1));

        host.Get<ConfigurationSource>().Reload();
        Assert.That(await DeploymentAsync(host), Is.EqualTo("other/large"), "the same key is as dead as before");

        key = "sk-new";
        host.Get<ConfigurationSource>().Reload();
        Assert.That(await DeploymentAsync(host), Is.EqualTo("lab/small"));
    }

    [Test]
    public async Task Model_that_a_credential_may_not_use_benches_only_itself_and_three_of_them_the_account()
    {
        await using PipelineHost host = Host(o =>
        {
            o.MaxAttempts = 10;
            o.Deployments.Add(Sibling());
            o.Deployments.Add(new DeploymentOptions { Account = "lab", Model = "third", InputPrice = 3, OutputPrice = 3 });
            o.Deployments.Add(new DeploymentOptions { Account = "lab", Model = "fourth", InputPrice = 4, OutputPrice = 4 });
        });
        var refusal = new LlmException("no", LlmErrorClass.Authentication, LlmErrorSource.Provider) { StatusCode = 403 };
        host.Gateway.Failures["small"] = host.Gateway.Failures["sibling"] = host.Gateway.Failures["third"] = refusal;
        await CallAsync(host, times: 1);
        Assert.That(await DeploymentAsync(host), Is.EqualTo("lab/sibling"));

        await CallAsync(host, times: 2);
        Assert.That(await DeploymentAsync(host), Is.EqualTo("other/large"), "the fourth is not tried any more");
    }

    [Test]
    public async Task Answer_in_between_shows_that_the_credential_is_not_dead()
    {
        await using PipelineHost host = Host(o => o.Deployments.Add(Sibling()));
        AccountHealth account = host.Get<ConfigurationSource>().Current.Health[0].Account;
        for (int i = 0; i < 10; i++)
        {
            account.Leave(default, CallOutcome.Neutral, isRefusal: true, null);
            account.Leave(default, CallOutcome.Neutral, isRefusal: true, null);
            account.Leave(default, CallOutcome.Success, isRefusal: false, null);
        }

        Assert.That(account.Breaker.IsClear, Is.True);
    }

    [Test]
    public async Task Reload_forgets_nothing_of_what_is_still_there()
    {
        await using PipelineHost host = Host();
        host.Gateway.Failures["small"] = Limited(60);
        await CallAsync(host, times: 1);
        host.Get<ConfigurationSource>().Reload();
        Assert.That(await DeploymentAsync(host), Is.EqualTo("other/large"));

        host.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.That(await DeploymentAsync(host), Is.EqualTo("lab/small"));
    }

    [Test]
    public async Task Reload_that_gives_a_name_to_something_else_starts_afresh_and_forgets_names_out_of_use()
    {
        string model = "small";
        await using PipelineHost host = Host(o => (o.Deployments[0].Name, o.Deployments[0].ModelId) = ("mine", model));
        host.Gateway.Failures["small"] = Limited(60);
        await CallAsync(host, times: 1);
        model = "smaller";
        host.Get<ConfigurationSource>().Reload();
        Assert.That(await DeploymentAsync(host), Is.EqualTo("mine"));

        HealthRegistry registry = host.Get<HealthRegistry>();
        registry.Use(DeploymentSet.Create([host.Get<ConfigurationSource>().Current.Deployments.All[0]], [], []), new HealthOptions());
        Assert.That(registry.Breakers.Select(b => b.Name), Is.EquivalentTo(new[] { "mine", "lab" }));
    }

    [Test]
    public async Task Ranking_thousands_finds_the_ill_ones_among_them()
    {
        await using PipelineHost host = Host(o =>
        {
            for (int i = 0; i < 500; i++)
            {
                o.Deployments.Add(new DeploymentOptions { Account = "lab", Model = $"m{i}", InputPrice = 0.001m * (i + 1), OutputPrice = 0.001m * (i + 1), MaxOutputTokens = 1_000, ContextTokens = 100_000 });
            }
        });
        host.Gateway.Failures["m0"] = Limited(10);
        host.Gateway.Failures["m1"] = Limited(20);
        await CallAsync(host, times: 1);
        RouteDecision decision = await host.Client.RouteAsync(new LlmRequest("x"));

        Assert.That(decision.Ranked[0].Deployment.Name, Is.EqualTo("lab/m2"));
        Assert.That(decision.CandidateCount, Is.EqualTo(500));
        Assert.That(decision.Rejected.Select(r => r.Deployment), Is.EqualTo(new[] { "lab/m0", "lab/m1" }));
    }

    private static PipelineHost Host(Action<IntegrationLayerOptions>? configure = null) => new(
        o =>
        {
            o.Resilience.Health.Jitter = 0;
            configure?.Invoke(o);
        },
        b => b.Services.AddSingleton(new RandomSource(7)));

    private static DeploymentOptions Sibling() => new() { Account = "lab", Model = "sibling", InputPrice = 2, OutputPrice = 2, MaxOutputTokens = 2_000 };

    private static LlmException Limited(double seconds) =>
        new("slow down", LlmErrorClass.RateLimited, LlmErrorSource.Provider) { StatusCode = 429, RetryAfter = TimeSpan.FromSeconds(seconds) };

    private static async Task CallAsync(PipelineHost host, int times)
    {
        for (int i = 0; i < times; i++)
        {
            await host.Client.GetResponseAsync("x");
        }
    }

    private static async Task<string> DeploymentAsync(PipelineHost host) =>
        (await host.Client.RouteAsync(new LlmRequest("x"))).Ranked[0].Deployment.Name;
}
