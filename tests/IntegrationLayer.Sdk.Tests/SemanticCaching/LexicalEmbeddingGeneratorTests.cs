using IntegrationLayer.Sdk.SemanticCaching;
using IntegrationLayer.Sdk.TestSupport.SemanticCaching;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

public sealed class LexicalEmbeddingGeneratorTests
{
    [Test]
    public void Vector_has_length_one_and_the_dimensions_it_says()
    {
        ReadOnlyMemory<float> vector = LexicalEmbeddingGenerator.Embed("How do I cancel my order?");

        Assert.That(vector.Length, Is.EqualTo(256));
        Assert.That(Dot(vector, vector), Is.EqualTo(1).Within(1e-5));
    }

    // Vectors are kept beyond the process: who changes them changes the name of the model as well.
    [Test]
    public void Vector_is_the_same_in_every_process()
    {
        ReadOnlySpan<float> vector = LexicalEmbeddingGenerator.Embed("How do I cancel my order?").Span;
        double sum = 0;
        for (int i = 0; i < vector.Length; i++)
        {
            sum += vector[i] * (i + 1);
        }

        Assert.That(LexicalEmbeddingGenerator.ModelId, Is.EqualTo("lexical-256-1"));
        Assert.That(sum, Is.EqualTo(Fingerprint).Within(1e-3));
    }

    [Test]
    public void Other_words_for_the_same_are_nearer_than_strangers()
    {
        ReadOnlyMemory<float> asked = LexicalEmbeddingGenerator.Embed("How can I cancel the order I made?");

        double near = Dot(asked, LexicalEmbeddingGenerator.Embed("I want to cancel my order"));
        double far = Dot(asked, LexicalEmbeddingGenerator.Embed("What is the capital of France?"));

        Assert.That(near, Is.GreaterThan(0.5));
        Assert.That(far, Is.LessThan(0.3));
    }

    [Test]
    public void Text_without_words_has_no_direction() => Assert.That(Dot(LexicalEmbeddingGenerator.Embed("?!"), LexicalEmbeddingGenerator.Embed("?!")), Is.Zero);

    [Test]
    public async Task Generator_makes_a_vector_of_each_text()
    {
        using var generator = new LexicalEmbeddingGenerator();

        GeneratedEmbeddings<Embedding<float>> embeddings = await generator.GenerateAsync(["one question", "another"], new EmbeddingGenerationOptions { Dimensions = 256 });

        Assert.That(embeddings.Select(static e => e.Vector.Length), Is.EqualTo(new[] { 256, 256 }));
        Assert.That(embeddings[0].ModelId, Is.EqualTo(LexicalEmbeddingGenerator.ModelId));
    }

    [Test]
    public void Other_number_of_dimensions_is_refused()
    {
        using var generator = new LexicalEmbeddingGenerator();

        Assert.That(
            async () => await generator.GenerateAsync(["text"], new EmbeddingGenerationOptions { Dimensions = 100 }),
            Throws.ArgumentException.With.Message.Contains("256").And.Message.Contains("100"));
    }

    [Test]
    public void Generator_says_what_it_is()
    {
        using var generator = new LexicalEmbeddingGenerator();

        Assert.That(generator.GetService<EmbeddingGeneratorMetadata>()!.DefaultModelDimensions, Is.EqualTo(256));
        Assert.That(generator.GetService<LexicalEmbeddingGenerator>(), Is.SameAs(generator));
        Assert.That(generator.GetService<IChatClient>(), Is.Null);
        Assert.That(generator.GetService(typeof(LexicalEmbeddingGenerator), "key"), Is.Null);
    }

    private const double Fingerprint = 154.52222;

    private static double Dot(ReadOnlyMemory<float> vector, ReadOnlyMemory<float> other) => Entries.Dot(vector.ToArray(), other.ToArray());
}
