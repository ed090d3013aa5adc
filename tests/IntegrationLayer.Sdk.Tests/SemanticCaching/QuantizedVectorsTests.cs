using IntegrationLayer.Sdk.SemanticCaching;
using IntegrationLayer.Sdk.TestSupport.SemanticCaching;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

public sealed class QuantizedVectorsTests
{
    [TestCase(3)]
    [TestCase(32)]
    [TestCase(100)]
    [TestCase(1536)]
    public void Similarity_is_nearly_the_cosine(int dimensions)
    {
        var random = new Random(dimensions);
        var vectors = new QuantizedVectors(dimensions);
        float[] first = Entries.Direction(random, dimensions);
        float[] second = Entries.Direction(random, dimensions);
        vectors.Set(0, vectors.Quantize(first));
        vectors.Set(1, vectors.Quantize(second));
        float cosine = Entries.Dot(first, second);

        Assert.That(vectors.Similarity(0, 1), Is.EqualTo(cosine).Within(0.01));
        Assert.That(vectors.Similarity(vectors.Quantize(first), 1), Is.EqualTo(cosine).Within(0.01));
        Assert.That(vectors.Similarity(1, 1), Is.EqualTo(1).Within(1e-5));
    }

    [TestCase(float.NaN)]
    [TestCase(0)]
    [TestCase(float.PositiveInfinity)]
    public void What_has_no_direction_is_like_nothing(float value)
    {
        var vectors = new QuantizedVectors(2);
        vectors.Set(0, vectors.Quantize([1, 0]));

        Assert.That(vectors.Similarity(vectors.Quantize([value, 0]), 0), Is.Zero);
    }

    [Test]
    public void Every_processor_reckons_the_same()
    {
        var random = new Random(5);
        sbyte[] first = [.. Enumerable.Range(0, 96).Select(_ => (sbyte)random.Next(-128, 128))];
        sbyte[] second = [.. Enumerable.Range(0, 96).Select(_ => (sbyte)random.Next(-128, 128))];
        int expected = first.Zip(second).Sum(static p => p.First * p.Second);

        Assert.That(QuantizedVectors.Dot(ref first[0], ref second[0], 96), Is.EqualTo(expected));
        Assert.That(QuantizedVectors.DotPortable(ref first[0], ref second[0], 96), Is.EqualTo(expected));
    }
}
