using System.Collections.Concurrent;
using BenchmarkDotNet.Attributes;
using IntegrationLayer.Sdk.Caching;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ZiggyCreatures.Caching.Fusion;

namespace IntegrationLayer.Sdk.Benchmarks;

/// <summary>The answer to a prompt of 1 KB from memory: by the SDK, whole and in part, and by what else there is. Only the clients read the request; the other caches are handed a key.</summary>
[MemoryDiagnoser]
public class CacheHitComparisonBenchmarks
{
    private const string Key = "the key that somebody has made of the request";

    private static readonly ChatMessage[] Messages = [new(ChatRole.User, new string('x', 1024))];

    private readonly LlmRequest _request = new(new string('x', 1024));
    private readonly CacheKey _key = new(Key);
    private readonly ConcurrentDictionary<string, ChatResponse> _dictionary = [];
    private readonly ServiceProvider _caches = Caches();
    private readonly ServiceProvider _alone = Sdk(static _ => { });
    private readonly ServiceProvider _tiered = Sdk(static b =>
    {
        b.Services.AddSingleton<IDistributedCache>(new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions())));
        b.UseHybridCache(o => o.MemoryTimeToLive = TimeSpan.FromDays(1));
    });

    private readonly IChatClient _extensions = new ChatClientBuilder(new CannedClient())
        .UseDistributedCache(new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions())))
        .Build();

    private IResponseCache _cache = null!;
    private HybridCache _hybrid = null!;
    private IFusionCache _fusion = null!;

    [GlobalSetup]
    public async Task PrepareAsync()
    {
        _cache = _alone.GetRequiredService<IResponseCache>();
        _hybrid = _caches.GetRequiredService<HybridCache>();
        _fusion = _caches.GetRequiredService<IFusionCache>();
        LlmResponse response = await Client().ConfigureAwait(false);
        await ClientWithHybridCacheBehind().ConfigureAwait(false);
        _dictionary[Key] = response.Content;
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await _cache.SetAsync(_key, new CachedAnswer(StoredAnswer.Of(response.Content), AnswerOrigin.Of(response.Receipt, null, null), new AnswerLifetime(now, now.AddDays(1), now.AddDays(1), 0)), default).ConfigureAwait(false);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _alone.Dispose();
        _tiered.Dispose();
        _caches.Dispose();
        _extensions.Dispose();
    }

    /// <summary>A whole request.</summary>
    [Benchmark(Baseline = true)]
    public Task<LlmResponse> Client() => _alone.GetRequiredService<ILlmClient>().GetResponseAsync(_request);

    /// <summary>A whole request, with a cache that processes share behind the memory.</summary>
    [Benchmark]
    public Task<LlmResponse> ClientWithHybridCacheBehind() => _tiered.GetRequiredService<ILlmClient>().GetResponseAsync(_request);

    /// <summary>The store alone.</summary>
    [Benchmark]
    public ValueTask<CachedAnswer?> ResponseCache() => _cache.GetAsync(_key, default);

    /// <summary>A dictionary, whose answer all callers share.</summary>
    [Benchmark]
    public ChatResponse Dictionary() => _dictionary[Key];

    /// <summary>The platform's HybridCache.</summary>
    [Benchmark]
    public ValueTask<string> HybridCache() => _hybrid.GetOrCreateAsync(Key, static _ => new ValueTask<string>("an answer"));

    /// <summary>FusionCache.</summary>
    [Benchmark]
    public ValueTask<string> FusionCache() => _fusion.GetOrSetAsync<string>(Key, static (_, _) => Task.FromResult("an answer"));

    /// <summary>The caching client of Microsoft.Extensions.AI, over a cache in memory.</summary>
    [Benchmark]
    public Task<ChatResponse> ExtensionsAiCachingClient() => _extensions.GetResponseAsync(Messages);

    private static ServiceProvider Caches()
    {
        var services = new ServiceCollection();
        services.AddHybridCache();
        services.AddFusionCache();
        return services.BuildServiceProvider();
    }

    private static ServiceProvider Sdk(Action<IIntegrationLayerBuilder> build)
    {
        IIntegrationLayerBuilder builder = new ServiceCollection().AddIntegrationLayer(o => Requests.AddDeployments(o, 100));
        builder.UseGateway(_ => new CannedClient());
        builder.UseExactMatchCache(o => (o.TimeToLive, o.InstallationKey) = (TimeSpan.FromDays(1), "a secret of this installation, and of no other"));
        build(builder);
        return builder.Services.BuildServiceProvider();
    }
}
