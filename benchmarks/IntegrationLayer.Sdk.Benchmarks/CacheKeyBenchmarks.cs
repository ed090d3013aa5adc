using BenchmarkDotNet.Attributes;
using IntegrationLayer.Sdk.Caching;

namespace IntegrationLayer.Sdk.Benchmarks;

/// <summary>The key under which an answer is cached.</summary>
[MemoryDiagnoser]
public class CacheKeyBenchmarks
{
    private readonly LlmRequest _request = Requests.Question();
    private readonly CacheKeyRing _ring = new(Microsoft.Extensions.Options.Options.Create(new ExactMatchCacheOptions()));

    /// <summary>Within the process.</summary>
    [Benchmark(Baseline = true)]
    public int Key()
    {
        CacheKey.TryRent(_request, CacheScope.Tenant, _ring, out CacheKey? key);
        int hash = key!.GetHashCode();
        key.Return();
        return hash;
    }

    /// <summary>Outside it.</summary>
    [Benchmark]
    public string Value()
    {
        CacheKey.TryRent(_request, CacheScope.Tenant, _ring, out CacheKey? key);
        string value = key!.Value;
        key.Return();
        return value;
    }
}
