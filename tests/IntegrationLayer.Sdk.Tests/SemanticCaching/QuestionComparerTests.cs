using IntegrationLayer.Sdk.SemanticCaching;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

public sealed class QuestionComparerTests
{
    [TestCase("How do I cancel an order?", "hello, how can i cancel an order", Relation.Identical)]
    [TestCase("How do I cnacel an order?", "How do I cancel an order?", Relation.Identical)]
    [TestCase("How do I cancel the orders?", "How do I cancel the order?", Relation.Same)]
    [TestCase("What is the best way to cancel orders?", "How do you cancel an order best?", Relation.Related)]
    [TestCase("How do I cancel the order of my friend?", "How do I cancel an order?", Relation.Related)]
    [TestCase("How do I lose 10 pounds?", "How do I lose 20 pounds?", Relation.OtherNumbers)]
    [TestCase("What is new in version 8.1?", "What is new in version 8.10?", Relation.OtherNumbers)]
    [TestCase("Is it safe to eat raw eggs?", "Isn't it safe to eat raw eggs?", Relation.OtherTurn)]
    [TestCase("What is the best hotel?", "What is the worst hotel?", Relation.OtherTurn)]
    [TestCase("How do I open an account?", "How do I close an account?", Relation.Opposite)]
    [TestCase("What happens before birth?", "What happens after birth?", Relation.Opposite)]
    [TestCase("What does \"break a leg\" mean here?", "What does \"hit the road\" mean here?", Relation.OtherLiteral)]
    [TestCase("What does `git fetch origin` do to files?", "What does `git merge origin` do to files?", Relation.OtherLiteral)]
    [TestCase("What hotels in Nagpur are good for a long stay with a dog?", "Which hotels in Coimbatore are good for a long stay with a cat?", Relation.OtherNames)]
    [TestCase("How do I get from London to Paris?", "How do I get from Paris to London?", Relation.OtherOrder)]
    [TestCase("Which is better, TCS or Infosys?", "Which is better, Infosys or TCS?", Relation.OtherOrder)]
    [TestCase("how do i learn french quickly", "how do i learn german quickly", Relation.Substituted)]
    [TestCase("How do people in the US live?", "How do people in the UK live?", Relation.OtherNames)]
    public void Questions_are_compared(string asked, string known, object relation) =>
        Assert.That(QuestionComparer.Compare(QuestionReader.Read(asked), QuestionReader.Read(known)).Relation, Is.EqualTo(relation));

    [Test]
    public void Substitution_names_the_words_that_are_foreign()
    {
        Comparison comparison = QuestionComparer.Compare(QuestionReader.Read("how do i learn french quickly"), QuestionReader.Read("how do i learn german quickly"));

        Assert.That(comparison.Foreign, Is.EqualTo(new[] { Stemmer.HashOf("french") }));
    }

    [FsCheck.NUnit.Property]
    public bool Question_is_identical_to_itself(string? text)
    {
        Question question = QuestionReader.Read(text ?? "");
        return QuestionComparer.Compare(question, question).Relation is Relation.Identical;
    }

    [FsCheck.NUnit.Property]
    public bool Any_two_texts_can_be_compared(string? text, string? other) =>
        Enum.IsDefined(QuestionComparer.Compare(QuestionReader.Read(text ?? ""), QuestionReader.Read(other ?? "")).Relation);
}
