using IntegrationLayer.Sdk.SemanticCaching;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

public sealed class StemmerTests
{
    [TestCase("banks", "bank")]
    [TestCase("studies", "study")]
    [TestCase("studied", "study")]
    [TestCase("studying", "study")]
    [TestCase("boxes", "box")]
    [TestCase("churches", "church")]
    [TestCase("classes", "class")]
    [TestCase("planning", "planned")]
    [TestCase("loving", "loved")]
    [TestCase("quickly", "quick")]
    [TestCase("falling", "fall")]
    public void Forms_have_one_stem(string word, string other) => Assert.That(Stemmer.HashOf(word), Is.EqualTo(Stemmer.HashOf(other)));

    [TestCase("bus", "bu")]
    [TestCase("this", "thi")]
    [TestCase("class", "clas")]
    [TestCase("thing", "th")]
    [TestCase("bed", "b")]
    [TestCase("analysis", "analysi")]
    public void Endings_that_are_none_stay(string word, string other) => Assert.That(Stemmer.HashOf(word), Is.Not.EqualTo(Stemmer.HashOf(other)));

    [Test]
    public void Endless_word_is_its_own_stem() => Assert.That(Stemmer.HashOf(new string('a', 100) + "s"), Is.Not.EqualTo(Stemmer.HashOf(new string('a', 100))));
}
