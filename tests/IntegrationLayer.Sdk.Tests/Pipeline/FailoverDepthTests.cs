using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

/// <summary>A ranking is only as deep as a request usually needs: what stands at its top must not hide who could answer. "other/large" is the dearest, so it comes last.</summary>
internal sealed class FailoverDepthTests
{
    private static readonly LlmException Refused = new("401", LlmErrorClass.Authentication, LlmErrorSource.Provider) { StatusCode = 401 };
    private static readonly LlmException NoCredential = new("The vault has none.", LlmErrorClass.Authentication, LlmErrorSource.Sdk);

    [Test]
    public async Task Dead_account_that_fills_the_ranking_does_not_hide_a_live_one([Values] bool streamed, [Values] bool isDead)
    {
        await using StreamHost host = Host(o => AddSiblings(o, 20));
        host.Gateway.OnSend = (call, _) => isDead && call.Deployment.Account.Name == "lab" ? Task.FromException<ChatResponse>(Refused) : Task.FromResult(ScriptedGateway.Answer(call));
        host.Gateway.OnOpen = (call, _) => isDead && call.Deployment.Account.Name == "lab" ? Task.FromException<ScriptedStream>(Refused) : Task.FromResult(new ScriptedStream().Write("hi").Finish().End());
        LlmReceipt receipt = streamed
            ? (await PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync("hello")))[^1].Receipt!
            : (await host.Client.GetResponseAsync("hello")).Receipt;

        Assert.That(receipt.Deployment, Is.EqualTo(isDead ? "other/large" : "lab/small"));
        Assert.That(receipt.Attempts, Has.Count.EqualTo(isDead ? 2 : 1));
        Assert.That(receipt.Routing!.Ranked.Select(r => r.Deployment.Name), Does.Contain(receipt.Deployment), "the decision is extended");
        Assert.That(host.Ledger.Settled, Has.Count.EqualTo(host.Ledger.Demands.Count), "each reservation ends once");
    }

    [Test]
    public async Task Larger_context_beyond_the_ranking_is_found()
    {
        await using StreamHost host = Host(o => AddSiblings(o, 20));
        host.Gateway.OnSend = (call, _) => call.Deployment.Model.ContextTokens <= 10_000
            ? Task.FromException<ChatResponse>(new LlmException("too long", LlmErrorClass.ContextLength, LlmErrorSource.Provider) { StatusCode = 400 })
            : Task.FromResult(ScriptedGateway.Answer(call));

        Assert.That((await host.Client.GetResponseAsync("hello")).Receipt.Attempts.Select(a => a.Deployment), Is.EqualTo(new[] { "lab/small", "other/large" }));
    }

    [Test]
    public async Task Earlier_failures_still_rule_out_their_own_when_the_rest_is_ranked()
    {
        await using StreamHost host = Host(o =>
        {
            AddSiblings(o, 20);
            o.Accounts["third"] = new AccountOptions { Provider = "openai", ApiKey = "sk-third" };
            o.Deployments.Add(new DeploymentOptions { Account = "third", Model = "spare", InputPrice = 50, OutputPrice = 50, MaxOutputTokens = 2_000, ContextTokens = 10_000 });
        });
        host.Gateway.OnSend = (call, _) => call.Deployment.Account.Name switch
        {
            "lab" => Task.FromException<ChatResponse>(Refused),
            "third" => Task.FromException<ChatResponse>(new LlmException("503", LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider) { StatusCode = 503 }),
            _ => Task.FromResult(ScriptedGateway.Answer(call)),
        };

        Assert.That((await host.Client.GetResponseAsync("hello")).Receipt.Attempts.Select(a => a.Deployment), Is.EqualTo(new[] { "lab/small", "third/spare", "other/large" }));
    }

    [Test]
    public async Task Missing_credentials_use_up_neither_attempts_nor_the_retry_budget()
    {
        await using StreamHost host = Host(o =>
        {
            o.MaxAttempts = 2;
            o.Resilience.Retries.BudgetPerSecond = 0;
            for (int i = 0; i < 20; i++)
            {
                o.Accounts[$"a{i}"] = new AccountOptions { Provider = "openai", ApiKey = "sk" };
                o.Deployments.Add(new DeploymentOptions { Account = $"a{i}", Model = "m", InputPrice = 2, OutputPrice = 2, MaxOutputTokens = 2_000, ContextTokens = 10_000 });
            }
        });
        host.Gateway.OnSend = (call, _) => call.Deployment.Account.Name == "other" ? Task.FromResult(ScriptedGateway.Answer(call)) : Task.FromException<ChatResponse>(NoCredential);
        LlmReceipt receipt = (await host.Client.GetResponseAsync("hello")).Receipt;

        Assert.That(receipt.Deployment, Is.EqualTo("other/large"));
        Assert.That(receipt.Attempts, Has.Count.EqualTo(22), "the receipt tells of them");

        host.Gateway.OnSend = (_, _) => Task.FromException<ChatResponse>(Refused);
        Assert.That((await Expect.ThrowsAsync<LlmException>(() => host.Client.GetResponseAsync("hello"))).Attempts, Has.Count.EqualTo(1), "a refusal by the provider does use them up");
    }

    [Test]
    public async Task Refused_places_use_up_neither_the_list_nor_what_is_held_back()
    {
        await using StreamHost host = Host(o => AddSiblings(o, 20, maxConcurrency: 1));
        HealthTable health = host.Get<ConfigurationSource>().Current.Health;
        List<CallLease> taken = [];
        host.Ledger.OnReserve = _ =>
        {
            // Between the ranking and the call, others take all places at the account.
            for (int i = 2; i < 22 && taken.Count < 20; i++)
            {
                taken.Add(health.TryEnter(i, isLastResort: false)!);
            }

            return Task.CompletedTask;
        };
        health.Mark(0, HealthTable.FullMark, isSet: true);
        host.Get<HealthRegistry>().Get(HealthKind.Deployment, "lab/small").Hear(HealthState.Cooling, TimeSpan.FromHours(1));
        LlmReceipt receipt = (await host.Client.GetResponseAsync("hello")).Receipt;

        Assert.That(receipt.Attempts.Select(a => a.Deployment), Is.EqualTo(new[] { "other/large" }));
        Assert.That(host.Ledger.Demands, Has.Count.GreaterThan(16), "each of the ranked was held back for");
        Assert.That(host.Ledger.Sent, Is.EqualTo(new[] { (long)host.Ledger.Demands.Count }), "only the one that was sent was marked");
        Assert.That(host.Ledger.Settled[..^1].Select(s => s.Usd), Is.All.Zero);
        Assert.That(host.Ledger.Settled.Select(s => s.Id), Is.Unique.And.Exactly(host.Ledger.Demands.Count).Items);
    }

    [Test]
    public async Task Last_one_that_refuses_gives_way_to_those_that_failed_before()
    {
        await using StreamHost host = Host(o => o.Deployments[1].MaxConcurrency = 1);
        HealthTable health = host.Get<ConfigurationSource>().Current.Health;
        int calls = 0;
        host.Gateway.OnSend = (call, _) =>
        {
            if (++calls > 1)
            {
                return Task.FromResult(ScriptedGateway.Answer(call));
            }

            health.TryEnter(1, isLastResort: false);
            return Task.FromException<ChatResponse>(new LlmException("503", LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider) { StatusCode = 503 });
        };

        Assert.That((await host.Client.GetResponseAsync("hello")).Receipt.Attempts.Select(a => a.Deployment), Is.EqualTo(new[] { "lab/small", "lab/small" }));
    }

    [Test]
    public async Task Mark_that_fails_gives_the_place_and_the_money_back()
    {
        await using StreamHost host = Host();
        host.Ledger.OnSent = _ => throw new BudgetUnavailableException("Redis is gone.");
        await Expect.ThrowsAsync<BudgetUnavailableException>(() => host.Client.GetResponseAsync("hello"));

        Assert.That(host.Get<ConfigurationSource>().Current.Health[0].InFlight, Is.Zero);
        Assert.That(host.Ledger.Settled.Single().Usd, Is.Zero);
        Assert.That(host.Gateway.Calls, Is.Empty);
    }

    private static StreamHost Host(Action<IntegrationLayerOptions>? configure = null) => new(configure);

    private static void AddSiblings(IntegrationLayerOptions options, int count, int? maxConcurrency = null)
    {
        for (int i = 0; i < count; i++)
        {
            options.Deployments.Add(new DeploymentOptions
            {
                Account = "lab", Model = $"sibling{i}", InputPrice = 2, OutputPrice = 2, MaxOutputTokens = 2_000, ContextTokens = 10_000, MaxConcurrency = maxConcurrency,
            });
        }
    }
}
