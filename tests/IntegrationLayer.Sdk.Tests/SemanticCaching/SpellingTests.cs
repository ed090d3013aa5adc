using IntegrationLayer.Sdk.SemanticCaching;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

public sealed class SpellingTests
{
    [TestCase("cancel", "cnacel", true)]
    [TestCase("cancel", "cancl", true)]
    [TestCase("cancel", "cancell", true)]
    [TestCase("cancel", "cancek", true)]
    [TestCase("cancel", "cancel", true)]
    [TestCase("cancel", "canlec", false)]
    [TestCase("cancel", "cans", false)]
    [TestCase("cat", "cta", false)]
    public void One_slip_is_recognised(string word, string other, bool isSlip) => Assert.That(Spelling.AreOneSlipApart(word, other), Is.EqualTo(isSlip));

    [TestCase("empire", "epmire", true, TestName = "Misspelling_is_the_same_word")]
    [TestCase("loves", "loving", true, TestName = "Forms_are_the_same_word")]
    [TestCase("hate", "late", false, TestName = "Two_words_of_the_dictionary_are_two")]
    [TestCase("kb61", "kb62", false, TestName = "Numbers_have_no_misspellings")]
    public void Words_are_compared(string word, string other, bool areSame)
    {
        Question first = QuestionReader.Read(word);
        Question second = QuestionReader.Read(other);

        Assert.That(Spelling.AreSame(first, first.Words[0], second, second.Words[0]), Is.EqualTo(areSame));
    }
}
