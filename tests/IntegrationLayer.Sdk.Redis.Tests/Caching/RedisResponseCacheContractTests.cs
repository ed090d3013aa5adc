using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.TestSupport.Caching;
using IntegrationLayer.Sdk.TestSupport.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Redis.Tests.Caching;

/// <summary>The contract over a real Redis.</summary>
/// <param name="kind">How it is used.</param>
[TestFixture("Redis")]
[TestFixture("memory and Redis")]
[TestFixture("HybridCache and Redis")]
[TestFixture("memory, HybridCache and Redis")]
internal sealed class RedisResponseCacheContractTests(string kind) : ResponseCacheContract, IAsyncDisposable
{
    private readonly MovableClock _time = new();
    private RedisServer? _server;
    private CacheProcess? _process;

    protected override IResponseCache Cache => kind switch
    {
        "Redis" => _process!.Shared,
        "HybridCache and Redis" => _process!.Get<HybridResponseCache>(),
        _ => _process!.Get<IResponseCache>(),
    };

    // Answers are written down with milliseconds.
    protected override DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds());

    protected override long Stamp => _process!.Get<CacheInvalidations>().Current;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await RedisServer.StartNewAsync();
        _process = await new CacheProcess(_server.ConnectionString, _time, builder =>
        {
            if (kind.Contains("Hybrid", StringComparison.Ordinal))
            {
                builder.Services.AddStackExchangeRedisCache(o => o.Configuration = _server.ConnectionString);
                builder.UseHybridCache(o => o.Timeout = TimeSpan.FromSeconds(5));
            }
        }).ListeningAsync();
    }

    protected override void Advance(TimeSpan time) => _time.Advance(time);

    public async ValueTask DisposeAsync()
    {
        await _process!.DisposeAsync();
        await _server!.DisposeAsync();
    }
}
