using BenchmarkDotNet.Attributes;
using IntegrationLayer.Sdk.Caching;

namespace IntegrationLayer.Sdk.Benchmarks;

/// <summary>The key under which an answer is cached.</summary>
[MemoryDiagnoser]
public class CacheKeyBenchmarks
{
    private readonly LlmRequest _request = Requests.Question();

    [Benchmark]
    public string? Digest() => CanonicalRequest.TryDigest(_request, out string? digest) ? digest : null;
}
