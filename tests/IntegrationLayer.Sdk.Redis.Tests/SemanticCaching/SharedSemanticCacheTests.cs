using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.TestSupport.Redis;
using IntegrationLayer.Sdk.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Redis.Tests.SemanticCaching;

/// <summary>Processes that share the semantic cache over a real server, through the whole SDK.</summary>
internal sealed class SharedSemanticCacheTests
{
    private const string Question = "How do I reset the password of my account?";
    private const string Again = "Could you tell me, how do I reset the passwrod of my account?";

    [Test]
    public async Task What_one_process_paid_for_another_gets_for_nothing()
    {
        await using VectorServer server = await VectorServer.StartAsync();
        string prefix = Guid.NewGuid().ToString("N");
        await using ServiceProvider one = await OpenWarmAsync(server.ConnectionString, prefix);
        await using ServiceProvider other = await OpenWarmAsync(server.ConnectionString, prefix);
        await AskAsync(one, Question, "acme");

        LlmResponse response = await AskAsync(other, Again, "acme");

        Assert.That((response.Receipt.Cache, response.Text), Is.EqualTo((CacheOutcome.SemanticHit, $"Answer to {Question}")));
        Assert.That(response.Receipt.CacheSimilarity, Is.InRange(0.3, 0.9999));
        Assert.That((await AskAsync(other, Again, "umbrella")).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss), "another tenant's");
    }

    [Test]
    public async Task Rejected_answer_is_gone_everywhere()
    {
        await using VectorServer server = await VectorServer.StartAsync();
        string prefix = Guid.NewGuid().ToString("N");
        await using ServiceProvider one = await OpenWarmAsync(server.ConnectionString, prefix);
        await using ServiceProvider other = await OpenWarmAsync(server.ConnectionString, prefix);
        await AskAsync(one, Question, "acme");
        LlmResponse wrong = await AskAsync(other, Again, "acme");

        Assert.That(await other.GetRequiredService<IntegrationLayer.Sdk.SemanticCaching.ISemanticCacheFeedback>().RejectAsync(wrong.Receipt.RequestId), Is.True);

        Assert.That((await AskAsync(one, Again, "acme")).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Without_redis_or_vector_sets_questions_are_misses(bool isTooOld)
    {
        await using RedisServer redis = await RedisServer.StartNewAsync();
        await using ServiceProvider process = Open(redis.ConnectionString, "il");
        if (!isTooOld)
        {
            await redis.StopAsync();
        }

        await AskAsync(process, Question, "acme");
        LlmResponse response = await AskAsync(process, Again, "acme");

        Assert.That((response.Receipt.Cache, response.Text), Is.EqualTo((CacheOutcome.Miss, $"Answer to {Again}")));
        Assert.That((await AskAsync(process, Question, "acme")).Receipt.Cache, Is.EqualTo(CacheOutcome.Hit), "the exact cache is in memory");
    }

    // Garnet 2.2.8 sometimes finds nothing in the first search over a new connection.
    private static async Task<ServiceProvider> OpenWarmAsync(string server, string prefix)
    {
        ServiceProvider process = Open(server, prefix);
        await AskAsync(process, Question, Guid.NewGuid().ToString());
        return process;
    }

    private static Task<LlmResponse> AskAsync(ServiceProvider process, string question, string tenant) =>
        process.GetRequiredService<ILlmClient>().GetResponseAsync(new LlmRequest(question) { Context = new LlmRequestContext { TenantId = tenant } });

    private static ServiceProvider Open(string server, string prefix)
    {
        FakePortkey fake = new();
        fake.OnChat().Reply(static request => $"Answer to {request.Prompt}");
        ServiceCollection services = new();
        services.AddIntegrationLayer(static options =>
        {
            options.Accounts["lab"] = new AccountOptions { Provider = "openai", ApiKey = "sk-test" };
            options.Deployments.Add(new DeploymentOptions { Account = "lab", Model = "gpt-4o-mini" });
        })
            .UseFakePortkey(fake)

            // Who shares its call with nobody is answered when its answer is kept.
            .UseExactMatchCache(static o => (o.InstallationKey, o.MaxFollowers) = (IndexHost.InstallationKey, 0))
            .UseSemanticCache()
            .UseRedis(o => (o.Configuration, o.KeyPrefix) = (server, prefix))
            .UseRedisSemanticIndex(static o => o.Timeout = TimeSpan.FromSeconds(10));
        return services.BuildServiceProvider();
    }
}
