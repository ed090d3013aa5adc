using IntegrationLayer.Sdk.TestSupport.Redis;

namespace IntegrationLayer.Sdk.Redis.Tests.Caching;

/// <summary>What tests of the shared cache have in common: a Redis of their own, and processes that end with the test.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal abstract class RedisCacheTest : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _open = [];

    protected RedisServer Server { get; private set; } = null!;

    [SetUp]
    public async Task StartAsync() => Server = await RedisServer.StartNewAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable process in _open)
        {
            await process.DisposeAsync();
        }

        await Server.DisposeAsync();
    }

    /// <summary>Ends something with the test.</summary>
    protected T Keep<T>(T process)
        where T : IAsyncDisposable
    {
        _open.Insert(0, process);
        return process;
    }

    /// <summary>Opens a process that is connected, and knows what was invalidated.</summary>
    protected Task<CacheProcess> OpenAsync(Action<Sdk.Redis.Caching.RedisCacheOptions>? cache = null) => Keep(new CacheProcess(Server.ConnectionString, cache: cache)).ListeningAsync();
}
