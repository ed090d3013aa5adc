using System.Text.Json;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Events;
using IntegrationLayer.Sdk.Tests.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Events;

internal sealed class IntegrationEventsTests
{
    [Test]
    public async Task Request_that_finished_is_an_event()
    {
        await using var host = new PipelineHost();
        await using IAsyncEnumerator<IntegrationEvent> events = Listen(host, IntegrationEventTypes.RequestFinished);
        LlmResponse answer = await host.Client.GetResponseAsync(new LlmRequest("my secret plan") { Context = new LlmRequestContext { Operation = "greet", TenantId = "acme" } });
        IntegrationEvent happened = await NextAsync(events);

        using var json = JsonDocument.Parse(happened.ToJson());
        JsonElement root = json.RootElement;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(root.GetProperty("specversion").GetString(), Is.EqualTo("1.0"));
            Assert.That(root.GetProperty("type").GetString(), Is.EqualTo("integrationlayer.request.finished"));
            Assert.That(root.GetProperty("source").GetString(), Does.StartWith("/integration-layer/"));
            Assert.That(root.GetProperty("subject").GetString(), Is.EqualTo(answer.Receipt.RequestId));
            Assert.That(root.GetProperty("time").GetDateTimeOffset(), Is.EqualTo(host.Time.GetUtcNow()));
            Assert.That(root.GetProperty("data").GetProperty("outcome").GetString(), Is.EqualTo("success"));
            Assert.That(root.GetProperty("data").GetProperty("tenant").GetString(), Is.EqualTo("acme"));
            Assert.That(root.GetProperty("data").GetProperty("costUsd").GetDecimal(), Is.EqualTo(answer.Receipt.Cost.Usd));
            Assert.That(happened.ToJson(), Does.Not.Contain("secret"));
        }
    }

    [Test]
    public async Task Failover_and_health_are_events()
    {
        await using var host = new PipelineHost(o => o.Resilience.Health.ConsecutiveFailures = 1);
        await using IAsyncEnumerator<IntegrationEvent> failovers = Listen(host, IntegrationEventTypes.Failover);
        await using IAsyncEnumerator<IntegrationEvent> health = Listen(host, IntegrationEventTypes.HealthChanged);
        host.Gateway.Failures["small"] = new LlmException("503", LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider);
        await host.Client.GetResponseAsync("hello");
        string failover = (await NextAsync(failovers)).ToJson();
        IntegrationEvent change = await NextAsync(health);

        Assert.That(failover, Does.Contain("\"from\":\"lab/small\"").And.Contain("\"to\":\"other/large\"").And.Contain("provider_unavailable"));
        Assert.That(change.Subject, Is.EqualTo("lab/small"));
        Assert.That(change.ToJson(), Does.Contain("\"to\":\"Open\""));
    }

    [Test]
    public async Task Budget_cache_and_configuration_are_events()
    {
        var limit = new BudgetLimit(new BudgetScope(BudgetScopeKind.Tenant, "acme"), 0.00001m, BudgetWindow.Day()) { IsSoft = true };
        await using var host = new PipelineHost(build: b => b.UseBudgetPolicy(new OnePolicy(limit)));
        await using IAsyncEnumerator<IntegrationEvent> budgets = Listen(host, IntegrationEventTypes.Budget);
        await using IAsyncEnumerator<IntegrationEvent> others = Listen(host, IntegrationEventTypes.CacheInvalidated, IntegrationEventTypes.ConfigurationChanged);
        await host.Client.GetResponseAsync("hello");
        await host.Get<IResponseCacheInvalidator>().InvalidateTagAsync("prices");
        host.Get<ConfigurationSource>().Reload();
        IntegrationEvent budget = await NextAsync(budgets);

        Assert.That(budget.ToJson(), Does.Contain("ThresholdReached"));
        Assert.That((await NextAsync(others)).ToJson(), Does.Contain("\"labels\":1"));
        Assert.That((await NextAsync(others)).ToJson(), Does.Contain("\"accepted\":true,\"deployments\":2"));
    }

    [Test]
    public async Task Credential_that_a_reload_replaces_is_told_without_its_value()
    {
        string key = "sk-old-0123456789";
        await using var host = new PipelineHost(o => o.Accounts["lab"].ApiKey = key);
        await using IAsyncEnumerator<IntegrationEvent> events = Listen(host, IntegrationEventTypes.CredentialRotated);
        host.Get<ConfigurationSource>().Reload();
        key = "sk-new-0123456789";
        host.Get<ConfigurationSource>().Reload();
        IntegrationEvent rotated = await NextAsync(events);

        Assert.That(rotated.Subject, Is.EqualTo("lab"));
        Assert.That(rotated.ToJson(), Does.Contain("\"provider\":\"openai\"").And.Not.Contain("0123456789"));
    }

    [Test]
    public async Task Rejected_configuration_is_told_as_such()
    {
        bool isBroken = false;
        await using var host = new PipelineHost(o => o.MaxAttempts = isBroken ? -1 : 3);
        await using IAsyncEnumerator<IntegrationEvent> events = Listen(host, IntegrationEventTypes.ConfigurationChanged);
        host.Get<ConfigurationSource>();
        isBroken = true;
        host.Get<ConfigurationSource>().Reload();

        Assert.That((await NextAsync(events)).ToJson(), Does.Contain("\"accepted\":false"));
    }

    [Test]
    public async Task Subscriptions_end_with_the_hub_and_with_their_first_reader()
    {
        var hub = new EventHub(new FakeTimeProvider());
        IAsyncEnumerable<IntegrationEvent> read = hub.SubscribeAsync();
        IAsyncEnumerable<IntegrationEvent> left = hub.SubscribeAsync();
        hub.Publish("a", null, 0, static (_, _) => { });
        await foreach (IntegrationEvent _ in left)
        {
            break;
        }

        Assert.That(await left.CountAsync(), Is.Zero, "there is nothing more for who left");
        hub.Dispose();
        Assert.That(await read.CountAsync(), Is.EqualTo(1), "what had happened is told, then it ends");
        Assert.Throws<ObjectDisposedException>(() => hub.SubscribeAsync());
    }

    [Test]
    public async Task Slow_listener_loses_the_oldest_and_nobody_waits()
    {
        var hub = new EventHub(new FakeTimeProvider());
        List<string> dropped = [];
        hub.OnDropped = dropped.Add;
        IAsyncEnumerable<IntegrationEvent> slow = hub.SubscribeAsync(new IntegrationEventFilter { Capacity = 2 });
        IAsyncEnumerable<IntegrationEvent> quick = hub.SubscribeAsync();
        for (int i = 0; i < 5; i++)
        {
            hub.Publish("test", $"{i}", i, static (json, number) => json.WriteNumber("number", number));
        }

        Assert.That(hub.Dropped, Is.EqualTo(3));
        Assert.That(dropped, Is.EqualTo(new[] { "test", "test", "test" }));
        Assert.That((await TakeAsync(slow, 2)).Select(e => e.Subject), Is.EqualTo(new[] { "3", "4" }));
        Assert.That((await TakeAsync(quick, 5)).Select(e => e.Subject), Is.EqualTo(new[] { "0", "1", "2", "3", "4" }));
    }

    [Test]
    public void Nothing_is_written_while_nobody_listens()
    {
        var hub = new EventHub(new FakeTimeProvider());
        using var ending = new CancellationTokenSource();
        _ = hub.SubscribeAsync(new IntegrationEventFilter { Types = ["wanted"] }, ending.Token);
        int written = 0;
        hub.Publish("unwanted", null, 0, (_, _) => written++);
        hub.Publish("wanted", null, 0, (_, _) => written++);
        ending.Cancel();
        hub.Publish("wanted", null, 0, (_, _) => written++);

        Assert.That(written, Is.EqualTo(1));
        Assert.That(hub.HasListeners, Is.False);
    }

    [Test]
    public void Capacity_out_of_range_is_an_error([Values(0, 100_001)] int capacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new IntegrationEventFilter { Capacity = capacity });

    private static IAsyncEnumerator<IntegrationEvent> Listen(PipelineHost host, params string[] types) =>
        host.Get<IIntegrationEvents>().SubscribeAsync(new IntegrationEventFilter { Types = types }).GetAsyncEnumerator();

    private static async Task<IntegrationEvent> NextAsync(IAsyncEnumerator<IntegrationEvent> events)
    {
        await events.MoveNextAsync();
        return events.Current;
    }

    private static async Task<List<IntegrationEvent>> TakeAsync(IAsyncEnumerable<IntegrationEvent> events, int count)
    {
        List<IntegrationEvent> taken = [];
        await foreach (IntegrationEvent happened in events)
        {
            taken.Add(happened);
            if (taken.Count == count)
            {
                break;
            }
        }

        return taken;
    }

    private sealed class OnePolicy(BudgetLimit limit) : IBudgetPolicy
    {
        public IReadOnlyList<BudgetLimit> GetLimits(LlmRequest request) => [limit];
    }
}
