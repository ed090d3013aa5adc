using BenchmarkDotNet.Attributes;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Benchmarks;

/// <summary>What costing adds to a request: counting its tokens and pricing them.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class CostingBenchmarks
{
    private const string Sentence = "The quick brown fox jumps over the lazy dog near the riverbank, while 12 birds sing; it's late. ";

    private readonly ModelPrices _prices = new()
    {
        Input = 3m,
        CacheRead = 0.30m,
        CacheWrite = 3.75m,
        Output = 15m,
        Tiers = [new PriceTier { AboveInputTokens = 200_000, Input = 6m, Output = 22.50m }],
    };

    private readonly TokenUsage _usage = new() { Input = 1_200, CacheRead = 5_000, Output = 300, Reasoning = 150 };

    private readonly TokenEstimator _estimator = new();
    private readonly TokenCounter _counter = new(TokenVocabulary.LoadO200k());
    private readonly TokenRates[] _rates = [.. Enumerable.Repeat(TokenRates.From(new ModelPrices { Input = 3m, Output = 15m }), 2_500)];
    private readonly TokenScale[] _scales = [.. Enumerable.Repeat(TokenScales.For("claude-sonnet-4-5"), 2_500)];
    private readonly string _fresh2K = Text(2_048);
    private readonly string _fresh32K = Text(32_000);
    private readonly LlmRequest _short = new(Text(200));
    private readonly LlmRequest _medium = new(Text(2_048));
    private readonly LlmRequest _huge = new(Text(1_000_000));

    [Benchmark]
    public TokenEstimate Estimate_200_characters_seen_before() => _estimator.Estimate(_short);

    [Benchmark]
    public TokenEstimate Estimate_2_KB_seen_before() => _estimator.Estimate(_medium);

    [Benchmark]
    public TokenEstimate Estimate_1_MB() => _estimator.Estimate(_huge);

    [Benchmark]
    public int Count_200_characters() => _counter.Count(_fresh2K.AsSpan(0, 200));

    [Benchmark]
    public int Count_2_KB() => _counter.Count(_fresh2K);

    [Benchmark]
    public int Count_32_KB() => _counter.Count(_fresh32K);

    [Benchmark]
    public LlmCost Calculate() => CostCalculator.Calculate(_prices, _usage, PriceStatus.Exact);

    [Benchmark]
    public LlmCost Upper_bound() => CostCalculator.UpperBound(_prices, 6_200, 4_096);

    [Benchmark]
    public long Cheapest_of_2500()
    {
        TokenEstimate estimate = new() { Text = 500 };
        long cheapest = long.MaxValue;
        for (int i = 0; i < _rates.Length; i++)
        {
            cheapest = Math.Min(cheapest, _rates[i].Cost(_scales[i].Tokens(estimate), 400));
        }

        return cheapest;
    }

    private static string Text(int length) => string.Concat(Enumerable.Repeat(Sentence, (length / Sentence.Length) + 1))[..length];
}
