using System.Diagnostics;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Redis.Budgets;
using IntegrationLayer.Sdk.Testing;
using IntegrationLayer.Sdk.TestSupport.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Redis.Tests;

/// <summary>
/// What callers of the whole SDK see of a Redis that is away, slow, or no longer what it was: rows 37 to 40 of the fault matrix. What a hard limit covers is
/// denied before anything is sent; what only soft ones cover is answered.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RedisOutageTests : IAsyncDisposable
{
    private static readonly BudgetLimit Hard = new(new BudgetScope(BudgetScopeKind.Organization, "hard"), 1_000m, BudgetWindow.Total);
    private static readonly BudgetLimit Soft = new(new BudgetScope(BudgetScopeKind.Organization, "soft"), 1_000m, BudgetWindow.Total) { IsSoft = true };

    private readonly FakePortkey _fake = new();
    private readonly List<ServiceProvider> _open = [];
    private RedisServer _server = null!;
    private FakePortkeyServer _gateway = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await RedisServer.StartNewAsync(isDurable: true);
        _gateway = await _fake.StartServerAsync();
        _fake.Default.Reply("well");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServiceProvider sdk in _open)
        {
            await sdk.DisposeAsync();
        }

        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    [Property("FaultMatrix", "37")]
    public async Task Redis_that_is_down_at_the_start_denies_what_is_limited_and_nothing_else()
    {
        await _server.StopAsync();
        ILlmClient limited = Open(Hard);
        ILlmClient unlimited = Open(Soft);

        BudgetUnavailableException denied = await DeniedAsync(limited);
        string answer = (await unlimited.GetResponseAsync("x")).Text;
        int sent = _fake.RequestCount;
        Task isBack = await BackAsync();
        await _server.StartAsync();
        await isBack;

        Assert.That(denied.Message, Does.Contain("Strict"));
        Assert.That((answer, sent), Is.EqualTo(("well", 1)), "what was denied was never sent");
        Assert.That((await limited.GetResponseAsync("x")).Text, Is.EqualTo("well"), "and it goes on when Redis is there");
    }

    [Test]
    [Property("FaultMatrix", "37")]
    public async Task Redis_that_dies_and_comes_back_interrupts_what_is_limited_only_meanwhile()
    {
        ILlmClient limited = Open(Hard);
        string before = (await limited.GetResponseAsync("x")).Text;
        Task isBack = await BackAsync();
        await _server.StopAsync();
        await DeniedAsync(limited);
        await _server.StartAsync();
        await isBack;

        Assert.That((before, (await limited.GetResponseAsync("x")).Text), Is.EqualTo(("well", "well")));
    }

    [TestCase(true)]
    [TestCase(false)]
    [Property("FaultMatrix", "38")]
    public async Task Redis_that_does_not_answer_is_waited_for_as_long_as_is_set(bool isFrozen)
    {
        ILlmClient limited = Open(Hard, TimeSpan.FromMilliseconds(250));
        await WarmUpAsync(limited);
        int sent = _fake.RequestCount;
        if (isFrozen)
        {
            _server.Pause();
        }
        else
        {
            await _server.PauseClientsAsync(TimeSpan.FromSeconds(5));
        }

        long start = Stopwatch.GetTimestamp();
        List<Exception> denials = [];
        for (int i = 0; i < 20; i++)
        {
            denials.Add(await DeniedAsync(limited));
        }

        TimeSpan took = Stopwatch.GetElapsedTime(start);
        if (isFrozen)
        {
            _server.Resume();
        }

        Assert.That(_fake.RequestCount, Is.EqualTo(sent));
        Assert.That(denials[0].Message, Does.Contain("250 ms"));
        Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(5)), "five of them waited; the others were spared it by the breaker");
    }

    [Test]
    [Property("FaultMatrix", "39")]
    public async Task Redis_that_takes_no_writes_denies_and_one_that_forgot_its_scripts_does_not()
    {
        ILlmClient limited = Open(Hard);
        await limited.GetResponseAsync("x");
        await _server.ForgetScriptsAsync();
        string afterwards = (await limited.GetResponseAsync("x")).Text;
        await _server.MakeReadOnlyAsync();
        BudgetUnavailableException denied = await DeniedAsync(limited);
        await _server.MakeWritableAsync();

        Assert.That(afterwards, Is.EqualTo("well"));
        Assert.That(denied.Message, Does.Contain("ReadOnly"));
        Assert.That((await limited.GetResponseAsync("x")).Text, Is.EqualTo("well"));
    }

    // The memory that Redis may use is full: it answers reads, and refuses to count.
    [Test]
    [Property("FaultMatrix", "39")]
    public async Task Redis_without_memory_denies_until_it_has_some()
    {
        ILlmClient limited = Open(Hard);
        await limited.GetResponseAsync("x");
        await _server.CommandAsync("CONFIG SET maxmemory 1");
        await DeniedAsync(limited);
        await _server.CommandAsync("CONFIG SET maxmemory 0");

        Assert.That((await limited.GetResponseAsync("x")).Text, Is.EqualTo("well"));
    }

    [Test]
    [Property("FaultMatrix", "40")]
    public async Task Flushed_redis_is_unknown_and_not_unspent()
    {
        ILlmClient limited = Open(Hard);
        await limited.GetResponseAsync("x");
        int sent = _fake.RequestCount;
        await _server.FlushAsync();

        BudgetUnavailableException denied = await DeniedAsync(limited);

        Assert.That(denied.Message, Does.Contain("Redis has lost the budgets"));
        Assert.That(_fake.RequestCount, Is.EqualTo(sent));
        Assert.That((await Open(Soft).GetResponseAsync("x")).Text, Is.EqualTo("well"));
    }

    private static async Task<BudgetUnavailableException> DeniedAsync(ILlmClient client) =>
        (await Assert.ThrowsAsync<BudgetUnavailableException>(() => client.GetResponseAsync("x")))!;

    // A busy machine may take longer for the first one, which connects and loads the scripts, than the test lets Redis have.
    private static async Task WarmUpAsync(ILlmClient client)
    {
        while (true)
        {
            try
            {
                await client.GetResponseAsync("x");
                return;
            }
            catch (BudgetUnavailableException)
            {
                await Task.Yield();
            }
        }
    }

    // The connection of the first that was opened.
    private Task<Task> BackAsync() => Reconnection.ExpectAsync(_open[0].GetRequiredService<RedisConnection>());

    private ILlmClient Open(BudgetLimit limit, TimeSpan? timeout = null)
    {
        ServiceCollection services = new();
        services.AddIntegrationLayer(options =>
        {
            options.Portkey.Endpoint = _gateway.BaseAddress;
            options.Accounts["lab"] = new AccountOptions { Provider = "openai", ApiKey = "sk-test" };
            options.Deployments.Add(new DeploymentOptions { Account = "lab", Model = "small", InputPrice = 1, OutputPrice = 1, ContextTokens = 10_000, MaxOutputTokens = 1_000 });
        })
        .UseBudgetPolicy(new OneLimit(limit))
        .UseRedis(_server.ConnectionString)
        .UseRedisBudgets(options =>
        {
            options.Timeout = timeout ?? options.Timeout;
            options.Unknown = limit.IsSoft ? UnknownBudgetPolicy.AssumeUnspent : options.Unknown;
        });
        services.AddSingleton<IBudgetHistory>(new Budgets.FakeHistory());
        ServiceProvider sdk = services.BuildServiceProvider();
        _open.Add(sdk);
        return sdk.GetRequiredService<ILlmClient>();
    }

    private sealed class OneLimit(BudgetLimit limit) : IBudgetPolicy
    {
        public IReadOnlyList<BudgetLimit> GetLimits(LlmRequest request) => [limit];
    }
}
