using IntegrationLayer.Sdk.SemanticCaching;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

public sealed class WordFrequenciesTests
{
    [Test]
    public void Rare_word_weighs_more_than_a_common_one()
    {
        var frequencies = new WordFrequencies();
        frequencies.Add(QuestionReader.Read("cancel my order"));
        frequencies.Add(QuestionReader.Read("track my order"));

        Assert.That(frequencies[Stemmer.HashOf("order")], Is.EqualTo(2));
        Assert.That(frequencies.WeightOf(Stemmer.HashOf("cancel")), Is.GreaterThan(frequencies.WeightOf(Stemmer.HashOf("order"))));
        Assert.That(frequencies.WeightOf(Stemmer.HashOf("unseen")), Is.GreaterThan(frequencies.WeightOf(Stemmer.HashOf("cancel"))));
    }

    [Test]
    public void Rarest_words_are_forgotten_when_there_are_too_many()
    {
        var frequencies = new WordFrequencies();
        for (int i = 0; i < 60_000; i++)
        {
            frequencies.Add(QuestionReader.Read($"common word{i}"));
        }

        Assert.That(frequencies[Stemmer.HashOf("common")], Is.GreaterThan(20_000));
        Assert.That(frequencies[Stemmer.HashOf("word1")], Is.Zero);
        Assert.That(frequencies.Questions, Is.LessThan(60_000));
    }
}
