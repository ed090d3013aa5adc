using FsCheck;
using FsCheck.Fluent;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Tests.Budgets;

internal sealed class AnswerLengthsTests
{
    [FsCheck.NUnit.Property(MaxTest = 300)]
    public Property At_most_one_answer_in_a_hundred_is_longer_and_the_length_is_rounded_up_by_an_eighth_at_most() => Prop.ForAll(
        Gen.Choose(0, 200_000).NonEmptyListOf().Where(static lengths => lengths.Count is >= 2 and < 1_900).ToArbitrary(),
        lengths =>
        {
            AnswerLengths seen = new();
            long[] all = [.. Enumerable.Repeat(lengths, 60).SelectMany(static x => x).Take(1_900).Select(static x => (long)x).Order()];
            foreach (long length in all)
            {
                seen.Add(length);
            }

            long usually = seen.Usually()!.Value;
            long exact = all[^((int)(all.Length * 0.01) + 1)];
            return (all.Count(length => length > usually) <= all.Length * 0.01 && usually >= exact && usually <= (exact * 9 / 8) + 1).Label($"{usually} for {exact}");
        });

    [Test]
    public void Nothing_is_concluded_from_few()
    {
        AnswerLengths seen = new();
        for (int i = 1; i < AnswerLengths.Fewest; i++)
        {
            seen.Add(100);
        }

        Assert.That(seen.Usually(), Is.Null);
        seen.Add(100);
        Assert.That(seen.Usually(), Is.EqualTo(103));
    }

    [Test]
    public void Old_answers_are_forgotten()
    {
        AnswerLengths seen = new();
        for (int i = 0; i < 2_000; i++)
        {
            seen.Add(50_000);
        }

        for (int i = 0; i < 20_000; i++)
        {
            seen.Add(10);
        }

        Assert.That(seen.Usually(), Is.EqualTo(10));
    }

    [TestCase(-5, 0)]
    [TestCase(0, 0)]
    [TestCase(7, 7)]
    [TestCase(long.MaxValue, 16_777_215)]
    public void Any_count_has_its_place(long tokens, long usually)
    {
        AnswerLengths seen = new();
        for (int i = 0; i < AnswerLengths.Fewest; i++)
        {
            seen.Add(tokens);
        }

        Assert.That(seen.Usually(), Is.EqualTo(usually));
    }

    [Test]
    public void Caps_are_learned_by_operation_and_model_and_one_that_cut_answers_short_rises()
    {
        OutputCaps caps = new();
        (Deployment small, Deployment large) = (Deployment("small"), Deployment("large"));
        Note(caps, "summary", small, 300, wasCut: false);
        int? before = caps.CapFor("summary", small);
        Note(caps, "summary", small, 400, wasCut: true);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before, Is.EqualTo(319 * 4 / 3));
            Assert.That(caps.CapFor("summary", small), Is.EqualTo(831 * 4 / 3));
            Assert.That(caps.CapFor("chat", small), Is.Null);
            Assert.That(caps.CapFor(null, small), Is.Null);
            Assert.That(caps.CapFor("summary", large), Is.Null);
        }
    }

    [Test]
    public void Operations_beyond_the_table_are_not_learned()
    {
        OutputCaps caps = new();
        Deployment small = Deployment("small");
        for (int i = 0; i < 2_000; i++)
        {
            caps.Note($"operation {i}", small, 10, wasCut: false);
        }

        Note(caps, "one more", small, 10, wasCut: false);
        Note(caps, "operation 7", small, 10, wasCut: false);

        Assert.That(caps.CapFor("one more", small), Is.Null);
        Assert.That(caps.CapFor("operation 7", small), Is.EqualTo(OutputCaps.Least));
    }

    private static void Note(OutputCaps caps, string operation, Deployment deployment, long tokens, bool wasCut)
    {
        for (int i = 0; i < AnswerLengths.Fewest; i++)
        {
            caps.Note(operation, deployment, tokens, wasCut);
        }
    }

    private static Deployment Deployment(string model) => new()
    {
        Name = model,
        ModelId = model,
        Account = new ProviderAccount { Name = "lab", Provider = "openai" },
        Model = new ModelInfo { Provider = "openai", Model = model },
    };
}
