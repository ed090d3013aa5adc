using IntegrationLayer.Sdk.SemanticCaching;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

public sealed class AnswerComparerTests
{
    private readonly AnswerComparer _comparer = new(0.95);

    [Test]
    public void Answers_of_the_same_words_are_equal() =>
        Assert.That(AnswerComparer.IdOf("Open  Settings, then *Cards*."), Is.EqualTo(AnswerComparer.IdOf("open settings then cards")));

    [TestCase("Open settings, then cards.", "Open cards, then settings.")]
    [TestCase("It takes 3 days.", "It takes 4 days.")]
    public void Answers_of_other_words_are_not(string answer, string other) => Assert.That(AnswerComparer.IdOf(answer), Is.Not.EqualTo(AnswerComparer.IdOf(other)));

    [TestCase("To cancel your card, open the settings of the app, choose cards, and tap on the button to cancel it.", "To cancel your card, open the settings of the app, choose cards and tap the button to cancel it!", true)]
    [TestCase("The transfer takes 3 days and is free of charge for all of our customers.", "The transfer takes 4 days and is free of charge for all of our customers.", false)]
    [TestCase("The transfer is possible from abroad for all of our customers.", "The transfer is not possible from abroad for all of our customers.", false)]
    [TestCase("Yes.", "Open the settings.", false)]
    public void Answers_are_compared(string answer, string other, bool areAlike) => Assert.That(_comparer.AreAlike(answer, other), Is.EqualTo(areAlike));

    [Test]
    public void Long_answers_must_be_equal()
    {
        string answer = string.Join(' ', Enumerable.Repeat("word", 3_000));

        Assert.That(_comparer.AreAlike(answer, answer + " more"), Is.False);
        Assert.That(AnswerComparer.IdOf(answer), Is.EqualTo(AnswerComparer.IdOf(answer + "!")));
    }
}
