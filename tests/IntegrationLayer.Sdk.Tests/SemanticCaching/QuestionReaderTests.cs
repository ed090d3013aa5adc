using IntegrationLayer.Sdk.SemanticCaching;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

public sealed class QuestionReaderTests
{
    [TestCase("What is a lease?", "what is a lease")]
    [TestCase("  WHAT   is a\tlease??  ", "what is a lease")]
    [TestCase("What's a lease", "what is a lease")]
    [TestCase("What\u2019s a lease", "what is a lease")]
    [TestCase("Hi, what is a lease?", "what is a lease")]
    [TestCase("Hello! Could you tell me, what is a lease? Thanks!", "what is a lease")]
    [TestCase("Quick question: what is a lease? Please help.", "what is a lease")]
    [TestCase("How can I break a lease?", "how do i break a lease")]
    [TestCase("I can't pay, won't pay and don't pay", "i can not pay will not pay and do not pay")]
    [TestCase("They're late; I'd pay, we've paid, you'll see, I'm here", "they are late i would pay we have paid you will see i am here")]
    [TestCase("The tenant's lease", "the tenant lease")]
    [TestCase("Rock'n'roll", "rocknroll")]
    [TestCase("rs 1,000.50 and 1,5 and 12,34,567", "rs 1000.50 and 1.5 and 1234567")]
    [TestCase("5kg in 2nd place", "5 kg in 2nd place")]
    [TestCase("It costs $5 or 3%", "it costs 5 dollar or 3 percent")]
    [TestCase("C++ or C#?", "c++ or c#")]
    [TestCase("\u4ED6\u597D\u5417", "\u4ED6 \u597D \u5417")]
    [TestCase("\uFF21\uFF22 test", "ab test")]
    [TestCase("thanks", "thanks")]
    [TestCase("", "")]
    [TestCase("?!", "")]
    public void Text_is_read_in_canonical_form(string text, string canonical) => Assert.That(QuestionReader.Read(text).Canonical, Is.EqualTo(canonical));

    [Test]
    public void Half_a_surrogate_pair_is_read() => Assert.That(QuestionReader.Read("what is \uD800 this").Canonical, Is.EqualTo("what is this"));

    [Test]
    public void Long_text_is_cut_at_what_can_be_addressed() => Assert.That(QuestionReader.Read(string.Join(' ', Enumerable.Repeat("word", 20_000))).Canonical.Length, Is.LessThan(ushort.MaxValue));

    [Test]
    public void Words_of_meaning_are_told_from_the_others()
    {
        Question question = QuestionReader.Read("What are the best banks of the US for us?");

        string[] content = [.. question.Words.ToArray().Where(static w => w.IsContent).Select(w => question.TextOf(w).ToString())];

        Assert.That(content, Is.EqualTo(new[] { "best", "banks", "us" }), "the country, not the pronoun");
    }

    [TestCase("in 2 years", "in two years", true)]
    [TestCase("2 of 3", "3 of 2", true)]
    [TestCase("in 2 years", "in 3 years", false)]
    [TestCase("2 and 2", "2", false)]
    public void Numbers_are_compared_as_often_as_they_occur(string text, string other, bool areEqual) =>
        Assert.That(QuestionReader.Read(text).Numbers == QuestionReader.Read(other).Numbers, Is.EqualTo(areEqual));

    [TestCase("Can I pay?", "Can't I pay?", false)]
    [TestCase("the best way", "the worst way", false)]
    [TestCase("never pay", "don't pay", true)]
    [TestCase("the weather today", "the weather tomorrow", false)]
    public void Turns_are_compared(string text, string other, bool areEqual) =>
        Assert.That(QuestionReader.Read(text).Turns == QuestionReader.Read(other).Turns, Is.EqualTo(areEqual));

    [TestCase("When is it?", QuestionKind.Time)]
    [TestCase("And where is it?", QuestionKind.Place)]
    [TestCase("Who is it?", QuestionKind.Person)]
    [TestCase("Why me?", QuestionKind.Reason)]
    [TestCase("How much is it?", QuestionKind.Amount)]
    [TestCase("How long is it?", QuestionKind.Duration)]
    [TestCase("How is it?", QuestionKind.Open)]
    [TestCase("Is it there?", QuestionKind.YesOrNo)]
    [TestCase("Open the door", QuestionKind.Open)]
    [TestCase("", QuestionKind.Open)]
    public void Kind_of_answer_is_recognised(string text, object kind) => Assert.That(QuestionReader.Read(text).Kind, Is.EqualTo(kind));

    [TestCase("How do I cancel my subscription?", true)]
    [TestCase("Wie kann ich mein Abonnement beenden bitte", false)]
    public void Other_languages_are_recognised(string text, bool isEnglish) => Assert.That(QuestionReader.Read(text).IsEnglish, Is.EqualTo(isEnglish));
}
