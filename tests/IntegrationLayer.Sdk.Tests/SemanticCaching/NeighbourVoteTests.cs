using IntegrationLayer.Sdk.SemanticCaching;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

public sealed class NeighbourVoteTests
{
    [Test]
    public void Without_neighbours_there_is_no_answer() => Assert.That(Weigh("How do I cancel an order?"), Is.Null);

    [Test]
    public void Equal_question_needs_no_vote()
    {
        Verdict? verdict = Weigh("how can i cancel an order, please", ("How do I order?", "other", 0.9f), ("How do I cancel an order?", "cancel", 0.8f));

        Assert.That(verdict, Is.EqualTo(new Verdict(1, IsIdentical: true, null)));
    }

    [Test]
    public void Misspelling_needs_no_vote() =>
        Assert.That(Weigh("How do I cnacel an order?", ("How do I cancel an order?", "cancel", 0.8f))!.Value.IsIdentical, Is.True);

    [Test]
    public void Two_phrasings_outvote_a_nearer_stranger()
    {
        Verdict? verdict = Weigh(
            "I want my order cancelled, what now?",
            ("I want my order, what is keeping it?", "late", 0.7f),
            ("How do I get an order cancelled?", "cancel", 0.68f),
            ("Cancel my order now", "cancel", 0.66f));

        Assert.That(verdict!.Value.Winner, Is.EqualTo(1));
    }

    [Test]
    public void Other_numbers_have_no_vote() =>
        Assert.That(Weigh("How do I lose 10 pounds?", ("How do I lose 20 pounds?", "twenty", 0.95f)), Is.Null);

    [Test]
    public void Near_miss_forbids_the_answer_of_farther_phrasings_too()
    {
        Verdict? verdict = Weigh(
            "What is the worst way to treat a mouth ulcer?",
            ("What is the best way to treat a mouth ulcer?", "treat", 0.93f),
            ("Treat my mouth ulcer for the worst pain", "treat", 0.6f));

        Assert.That(verdict, Is.Null);
    }

    [Test]
    public void Word_of_another_phrasing_is_no_stranger()
    {
        (string, string, float)[] phrasings = [("how do i terminate my plan quickly", "end", 0.9f), ("I wish to cancel a plan and its options", "end", 0.5f)];

        Assert.That(Weigh("how do i cancel my plan quickly", phrasings), Is.Not.Null);
        Assert.That(Weigh("how do i upgrade my plan quickly", phrasings)?.Winner, Is.Not.Zero);
    }

    [Test]
    public void Other_language_gets_only_equal_questions()
    {
        Assert.That(Weigh("wie kann ich mein Abonnement beenden bitte", ("wie kann ich mein Abonnement verlängern bitte", "renew", 0.9f)), Is.Null);
        Assert.That(Weigh("wie kann ich mein Abonnement beenden bitte", ("Wie kann ich mein Abonnement beenden, bitte?", "end", 1f)), Is.Not.Null);
    }

    [Test]
    public void Every_feature_is_a_number()
    {
        Verdict? verdict = Weigh("How do I get a refund for my order?", ("I want a refund for an order", "refund", 0.7f), ("Where is my order?", "where", 0.5f));

        Assert.That(verdict!.Value.Features, Has.Length.EqualTo((int)Feature.Count).And.All.Matches<double>(double.IsFinite));
        Assert.That(verdict.Value.Features![(int)Feature.Constant], Is.EqualTo(1));
        Assert.That(verdict.Value.Features[(int)Feature.Similarity], Is.EqualTo(0.7).Within(1e-6));
        Assert.That(verdict.Value.Features[(int)Feature.Margin], Is.EqualTo(0.2).Within(1e-6));
    }

    private static Verdict? Weigh(string asked, params (string Question, string Answer, float Similarity)[] neighbours)
    {
        var frequencies = new WordFrequencies();
        foreach ((string question, _, _) in neighbours)
        {
            frequencies.Add(QuestionReader.Read(question));
        }

        Neighbour[] near = [.. neighbours.Select(static n => new Neighbour(QuestionReader.Read(n.Question), n.Answer, n.Similarity))];
        return NeighbourVote.Weigh(QuestionReader.Read(asked), near, frequencies);
    }
}
