using System.Net.ServerSentEvents;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using IntegrationLayer.Sdk.Portkey;

namespace IntegrationLayer.Sdk.Benchmarks;

/// <summary>Reading a stream of 50 chunks.</summary>
[MemoryDiagnoser]
public class PortkeyStreamBenchmarks
{
    private readonly byte[] _stream = PortkeyWire.Stream();

    /// <summary>The platform's event parser and one call of a source-generated serializer a chunk.</summary>
    [Benchmark(Baseline = true)]
    public int SerializerPerChunk()
    {
        int length = 0;
        using var stream = new MemoryStream(_stream);
        SseParser<WireAnswer?> events = SseParser.Create(
            stream, static (_, data) => data.SequenceEqual("[DONE]"u8) ? null : JsonSerializer.Deserialize(data, WireJson.Default.WireAnswer));
        foreach (SseItem<WireAnswer?> item in events.Enumerate())
        {
            length += item.Data is { Choices: [{ Delta.Content: { } text }] } ? text.Length : 0;
        }

        return length;
    }

    /// <summary>The SDK's event and chunk readers.</summary>
    [Benchmark]
    public int PortkeyReaders()
    {
        int length = 0;
        using var events = new SseReader(1024 * 1024);
        using var chunks = new ChunkReader("openai", keepsReasoning: true);
        for (int sent = 0; sent < _stream.Length;)
        {
            Memory<byte> free = events.GetFree();
            int count = Math.Min(free.Length, _stream.Length - sent);
            _stream.AsMemory(sent, count).CopyTo(free);
            sent += count;
            events.Advance(count);
            while (events.TryRead(out ReadOnlySpan<byte> data, out _) && !data.SequenceEqual("[DONE]"u8))
            {
                length += chunks.Read(data)?.Text.Length ?? 0;
            }
        }

        return length;
    }
}
