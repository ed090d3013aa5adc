using IntegrationLayer.Sdk.Redis.Health;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.TestSupport.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Redis.Tests.Health;

/// <summary>Processes that tell each other over a real Redis what is ill.</summary>
internal sealed class RedisHealthGossipTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Test]
    public async Task Rest_that_one_process_was_asked_for_is_kept_by_the_others()
    {
        await using RedisServer redis = await RedisServer.StartNewAsync();
        await using var one = new GossipHost(redis.ConnectionString);
        await using var other = new GossipHost(redis.ConnectionString);
        await one.ListenAsync();
        await other.ListenAsync();

        one.Call(HealthKind.Deployment, "lab/gpt-4o", CallOutcome.RateLimited, Minute);
        HealthChange heard = await other.Changed;

        Assert.That((heard.Kind, heard.Name, heard.To), Is.EqualTo((HealthKind.Deployment, "lab/gpt-4o", HealthState.Cooling)));
        Assert.That(other.Examine(HealthKind.Deployment, "lab/gpt-4o-mini").State, Is.EqualTo(HealthState.Healthy), "its sibling is well");
    }

    [Test]
    public async Task Account_without_money_is_benched_by_all_that_use_the_same_credential()
    {
        await using RedisServer redis = await RedisServer.StartNewAsync();
        await using var one = new GossipHost(redis.ConnectionString);
        await using var same = new GossipHost(redis.ConnectionString);
        await using var another = new GossipHost(redis.ConnectionString, apiKey: "sk-2");
        await Task.WhenAll(one.ListenAsync(), same.ListenAsync(), another.ListenAsync());

        one.Call(HealthKind.Account, "lab", CallOutcome.QuotaExhausted);
        Assert.That((await same.Changed).To, Is.EqualTo(HealthState.Benched));
        Assert.That(another.Examine(HealthKind.Account, "lab").State, Is.EqualTo(HealthState.Healthy));
    }

    [Test]
    public async Task Gossip_goes_on_when_redis_is_back()
    {
        await using RedisServer redis = await RedisServer.StartNewAsync();
        await using var one = new GossipHost(redis.ConnectionString);
        await using var other = new GossipHost(redis.ConnectionString);
        await Task.WhenAll(one.ListenAsync(), other.ListenAsync());
        await redis.StopAsync();

        one.Call(HealthKind.Deployment, "lab/gpt-4o", CallOutcome.RateLimited, Minute);
        Assert.That(one.Examine(HealthKind.Deployment, "lab/gpt-4o").State, Is.EqualTo(HealthState.Cooling), "it sees for itself");

        await redis.StartAsync();

        // It is told again and again until the other, too, has its connection back.
        for (int i = 0; !other.Changed.IsCompleted; i++)
        {
            one.Gossip.Changed(new HealthChange(HealthKind.Deployment, "lab/gpt-4o", default, HealthState.Cooling, DateTimeOffset.UtcNow + Minute, null));
            await Task.WhenAny(other.Changed, Task.Delay(TimeSpan.FromMilliseconds(100)));
            Assert.That(i, Is.LessThan(300), "half a minute has passed");
        }

        Assert.That((await other.Changed).To, Is.EqualTo(HealthState.Cooling));
    }

    [Test]
    public async Task Without_redis_each_sees_for_itself_and_nobody_waits()
    {
        await using var alone = new GossipHost("127.0.0.1:1,connectTimeout=100,connectRetry=0");
        await alone.Gossip.StartAsync(default);
        for (int i = 0; i < 1_000; i++)
        {
            alone.Gossip.Changed(new HealthChange(HealthKind.Deployment, "lab/gpt-4o", default, HealthState.Cooling, DateTimeOffset.UtcNow + Minute, null));
        }

        alone.Call(HealthKind.Deployment, "lab/gpt-4o", CallOutcome.RateLimited, Minute);
        Assert.That((await alone.Changed).To, Is.EqualTo(HealthState.Cooling));
        await alone.Gossip.StopAsync(default);
    }

    [TestCase("", 900, "Key has 0 characters")]
    [TestCase("too short", 900, "Key has 9 characters")]
    [TestCase("a secret of all processes", 0, "MaxRest is 00:00:00")]
    [TestCase("a secret of all processes", 900, null)]
    public void Settings_are_checked(string key, int seconds, string? error)
    {
        ValidateOptionsResult result = new RedisHealthGossipOptionsValidator().Validate(null, new RedisHealthGossipOptions { Key = key, MaxRest = TimeSpan.FromSeconds(seconds) });
        Assert.That(result.Failed, Is.EqualTo(error is not null));
        Assert.That(result.FailureMessage ?? "", Does.Contain(error ?? ""));
        Assert.That(result.FailureMessage ?? "", Does.Not.Contain("too short"), "a secret is never quoted");
    }
}
