using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.TestSupport.Caching;
using IntegrationLayer.Sdk.Tests.Pipeline;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using ZiggyCreatures.Caching.Fusion;

namespace IntegrationLayer.Sdk.Tests.Caching;

/// <summary>The contract over each kind of HybridCache.</summary>
/// <param name="kind">Which one.</param>
[TestFixture("local")]
[TestFixture("distributed")]
[TestFixture("FusionCache")]
[TestFixture("FusionCache, distributed")]
internal sealed class HybridResponseCacheContractTests(string kind) : ResponseCacheContract, IAsyncDisposable
{
    private readonly PipelineHost _caches = HybridCaches.Create(services => Register(services, kind), o => o.UseLocalCache = !kind.EndsWith("distributed", StringComparison.Ordinal));

    protected override IResponseCache Cache => _caches.Get<HybridResponseCache>();

    protected override DateTimeOffset Now => _caches.Time.GetUtcNow();

    protected override void Advance(TimeSpan time) => _caches.Time.Advance(time);

    public ValueTask DisposeAsync() => _caches.DisposeAsync();

    private static void Register(IServiceCollection services, string kind)
    {
        if (kind.EndsWith("distributed", StringComparison.Ordinal))
        {
            services.AddSingleton<IDistributedCache>(new StubDistributedCache());
        }

        if (kind.StartsWith("FusionCache", StringComparison.Ordinal))
        {
            IFusionCacheBuilder builder = services.AddFusionCache().WithSerializer(new FusionSerializer());
            (kind.EndsWith("distributed", StringComparison.Ordinal) ? builder.WithRegisteredDistributedCache() : builder).AsHybridCache();
        }
    }
}

/// <summary>The contract over memory with a HybridCache behind.</summary>
internal sealed class TieredResponseCacheContractTests : ResponseCacheContract, IAsyncDisposable
{
    private readonly PipelineHost _caches = HybridCaches.Create(static services => services.AddSingleton<IDistributedCache>(new StubDistributedCache()));

    protected override IResponseCache Cache => _caches.Get<IResponseCache>();

    protected override DateTimeOffset Now => _caches.Time.GetUtcNow();

    protected override void Advance(TimeSpan time) => _caches.Time.Advance(time);

    public ValueTask DisposeAsync() => _caches.DisposeAsync();
}
