using IntegrationLayer.Sdk.SemanticCaching;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

public sealed class LexiconTests
{
    [TestCase("house")]
    [TestCase("houses")]
    [TestCase("went")]
    public void Word_is_known(string word) => Assert.That(Lexicon.IsKnown(WordHash.Of(word), Stemmer.HashOf(word)), Is.True);

    // A Bloom filter takes a few for known; of a hundred it must be few.
    [Test]
    public void Hardly_any_nonsense_is_known()
    {
        int known = Enumerable.Range(0, 1_000).Count(static i => Lexicon.IsKnown(WordHash.Of($"xq{i}zv"), Stemmer.HashOf($"xq{i}zv")));

        Assert.That(known, Is.LessThan(100));
    }

    [TestCase("increase", "decreased", true)]
    [TestCase("open", "closing", true)]
    [TestCase("before", "after", true)]
    [TestCase("after", "before", true)]
    [TestCase("open", "unlock", false)]
    public void Opposites_are_known(string word, string other, bool areOpposites) =>
        Assert.That(Lexicon.AreOpposites(Stemmer.HashOf(word), Stemmer.HashOf(other)), Is.EqualTo(areOpposites));
}
