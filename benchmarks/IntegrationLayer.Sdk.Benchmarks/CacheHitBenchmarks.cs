using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Benchmarks;

/// <summary>Requests through the whole SDK with the cache on, the gateway left out: an answer from memory, and what joining costs a call that nobody joins.</summary>
[MemoryDiagnoser]
public class CacheHitBenchmarks
{
    private readonly LlmRequest _request = Requests.Question();
    private readonly LlmRequest _long = new(new string('x', 1024));
    private readonly LlmRequest _never = Requests.Question() with { Options = new ChatOptions { MaxOutputTokens = 255 } };
    private ServiceProvider _sharing = null!;
    private ServiceProvider _single = null!;

    [GlobalSetup]
    public void Prepare()
    {
        _sharing = Build(maxFollowers: 10_000);
        _single = Build(maxFollowers: 0);
        Hit().GetAwaiter().GetResult();
        HitOfOneKilobyte().GetAwaiter().GetResult();
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _sharing.Dispose();
        _single.Dispose();
    }

    [Benchmark(Baseline = true)]
    public Task<LlmResponse> Hit() => _sharing.GetRequiredService<ILlmClient>().GetResponseAsync(_request);

    [Benchmark]
    public Task<LlmResponse> HitOfOneKilobyte() => _sharing.GetRequiredService<ILlmClient>().GetResponseAsync(_long);

    /// <summary>The answer is never kept, so that each request is a miss.</summary>
    [Benchmark]
    public Task<LlmResponse> MissThatOthersMayJoin() => _sharing.GetRequiredService<ILlmClient>().GetResponseAsync(_never);

    [Benchmark]
    public Task<LlmResponse> MissAlone() => _single.GetRequiredService<ILlmClient>().GetResponseAsync(_never);

    private static ServiceProvider Build(int maxFollowers)
    {
        IIntegrationLayerBuilder builder = new ServiceCollection().AddIntegrationLayer(o => Requests.AddDeployments(o, 100));
        builder.UseGateway(_ => new CannedClient());
        builder.UseExactMatchCache(o => (o.TimeToLive, o.MaxFollowers) = (TimeSpan.FromDays(1), maxFollowers));
        return builder.Services.BuildServiceProvider();
    }
}
