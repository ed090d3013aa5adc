using System.Text.Json;
using BenchmarkDotNet.Attributes;
using IntegrationLayer.Sdk.Portkey;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Benchmarks;

/// <summary>Reading a whole answer.</summary>
[MemoryDiagnoser]
public class PortkeyAnswerBenchmarks
{
    private readonly byte[] _answer = PortkeyWire.Answer();

    [Benchmark(Baseline = true)]
    public int Serializer() => JsonSerializer.Deserialize(_answer, WireJson.Default.WireAnswer)!.Choices[0].Message!.Content!.Length;

    [Benchmark]
    public ChatResponse? PortkeyReader() => ChatAnswerReader.Read(_answer, "openai", keepsReasoning: true, out _);
}
