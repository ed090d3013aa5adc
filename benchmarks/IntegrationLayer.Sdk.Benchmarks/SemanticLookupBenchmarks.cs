using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using IntegrationLayer.Sdk.SemanticCaching;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Benchmarks;

/// <summary>Finding the 16 nearest of many questions: by the index, with the vector made before, and by comparing with all of them. Set-up prints the recall and the bytes that an entry takes.</summary>
[MemoryDiagnoser]
public class SemanticLookupBenchmarks : IDisposable
{
    private const string Partition = "benchmark";
    private const int Neighbours = 16;
    private const int Asked = 64;

    private static readonly string[] Verbs = ["change", "cancel", "find", "open", "renew", "send", "track", "verify", "block", "explain", "compare", "update"];
    private static readonly string[] Forms =
    [
        "How do I {0} my {1} {2} for {3}?", "Where can I {0} the {1} {2} of a {3}?", "Is it possible to {0} a {2} without {1} {3}?",
        "Why can't I {0} the {2} with my {1} {3}?", "What does it cost to {0} a {1} {2} before the {3}?",
    ];

    private readonly float[] _vector = new float[LexicalVector.Dimensions];
    private InMemorySemanticIndex _index = null!;
    private float[][] _vectors = [];
    private string[] _asked = [];
    private int _next;

    [Params(1_000, 10_000, 100_000)]
    public int Entries { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(11);
        string[] words = [.. Enumerable.Range(0, 3_000).Select(_ => WordOf(random))];
        _index = new InMemorySemanticIndex(Options.Create(new SemanticCacheOptions { MaxEntries = 200_000, MaxBytes = 1L << 32 }), TimeProvider.System);
        _vectors = new float[Entries][];
        for (int i = 0; i < Entries; i++)
        {
            string question = QuestionOf(random, words);
            _vectors[i] = VectorOf(question);
            _index.AddAsync(EntryOf(question, i), _vectors[i], CancellationToken.None).AsTask().GetAwaiter().GetResult();
        }

        _asked = [.. Enumerable.Range(0, Asked).Select(_ => QuestionOf(random, words))];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"// {Entries} entries: recall {Recall(Stored()):F4} of what comparing all stored vectors finds, {Recall(Given()):F4} of what comparing the given ones finds; {_index.Size.Bytes / _index.Size.Entries} bytes an entry with its texts"));
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _index?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads a question, makes its vector and searches.</summary>
    [Benchmark]
    public int LookUp()
    {
        LexicalVector.Fill(QuestionReader.Read(Next()), _vector);
        return Search(_vector).Count;
    }

    /// <summary>Searches.</summary>
    [Benchmark]
    public int SearchOnly() => Search(_vectors[_next++ % Asked]).Count;

    /// <summary>Compares with all, in single precision.</summary>
    [Benchmark(Baseline = true)]
    public float CompareWithAll()
    {
        float[] asked = _vectors[_next++ % Asked];
        float best = float.MinValue;
        foreach (float[] vector in _vectors)
        {
            best = Math.Max(best, Dot(asked, vector));
        }

        return best;
    }

    private static string WordOf(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(2, 5)).Select(_ => $"{"bcdfglmnprstv"[random.Next(13)]}{"aeiou"[random.Next(5)]}"));

    private static string QuestionOf(Random random, string[] words) => string.Format(
        CultureInfo.InvariantCulture, Forms[random.Next(Forms.Length)], Verbs[random.Next(Verbs.Length)], words[random.Next(words.Length)], words[random.Next(words.Length)], words[random.Next(words.Length)]);

    private static float[] VectorOf(string question)
    {
        float[] vector = new float[LexicalVector.Dimensions];
        LexicalVector.Fill(QuestionReader.Read(question), vector);
        return vector;
    }

    private static SemanticEntry EntryOf(string question, int number) => new()
    {
        Id = number.ToString(CultureInfo.InvariantCulture),
        Partition = Partition,
        Question = question,
        AnswerId = number.ToString(CultureInfo.InvariantCulture),
        Answer = new byte[200],
        ExpiresAt = DateTimeOffset.MaxValue,
    };

    private static float Dot(float[] first, float[] second)
    {
        Vector<float> sum = Vector<float>.Zero;
        ReadOnlySpan<Vector<float>> firsts = MemoryMarshal.Cast<float, Vector<float>>(first);
        ReadOnlySpan<Vector<float>> seconds = MemoryMarshal.Cast<float, Vector<float>>(second);
        for (int i = 0; i < firsts.Length; i++)
        {
            sum += firsts[i] * seconds[i];
        }

        return Vector.Sum(sum);
    }

    private string Next() => _asked[_next++ % Asked];

    private IReadOnlyList<SemanticMatch> Search(float[] vector)
    {
        ValueTask<IReadOnlyList<SemanticMatch>> searching = _index.SearchAsync(Partition, vector, Neighbours, CancellationToken.None);
        return searching.IsCompletedSuccessfully ? searching.Result : throw new InvalidOperationException("Memory doesn't wait.");
    }

    // The vectors as they were given, and as the index stores them: one byte a dimension, which turns round what is nearly as near.
    private Func<float[], int, float> Given() => (asked, place) => Dot(asked, _vectors[place]);

    private Func<float[], int, float> Stored()
    {
        var vectors = new QuantizedVectors(LexicalVector.Dimensions);
        for (int place = 0; place < _vectors.Length; place++)
        {
            vectors.Set(place, vectors.Quantize(_vectors[place]));
        }

        return (asked, place) => vectors.Similarity(vectors.Quantize(asked), place);
    }

    // As near as the farthest of the truly nearest is near enough: equal distances have no order.
    private double Recall(Func<float[], int, float> similarity)
    {
        const float Rounding = 1e-6f;
        int found = 0;
        foreach (string question in _asked)
        {
            float[] vector = VectorOf(question);
            float least = Enumerable.Range(0, _vectors.Length).Select(place => similarity(vector, place)).OrderDescending().ElementAt(Neighbours - 1);
            found += Search(vector).Count(m => similarity(vector, int.Parse(m.Entry.Id, CultureInfo.InvariantCulture)) >= least - Rounding);
        }

        return found / (double)(_asked.Length * Neighbours);
    }
}
