using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.SemanticCaching;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

/// <summary>What becomes of answers after they were given: checks against the model, alarms, and what the application says of them.</summary>
internal sealed class SemanticCheckTests
{
    private const int Ways = 6;

    private static readonly LearnerKey Learner = new(0, "acme", null);

    // Names, so that each topic has a question of its own that no gate mistakes for another's.
    private static readonly string[] Subjects =
    [
        "passport", "invoice", "delivery", "warranty", "subscription", "password", "statement", "mortgage", "discount", "signature",
        "transfer", "insurance", "reservation", "schedule", "certificate", "membership", "complaint", "voucher", "deposit", "interest",
        "salary", "pension", "holiday", "training", "contract", "laptop", "printer", "telephone", "camera", "keyboard",
        "garden", "kitchen", "bathroom", "balcony", "elevator", "furniture", "painting", "carpet", "window", "chimney",
    ];

    [Test]
    public async Task Part_of_the_answers_is_checked_against_the_model_in_the_background()
    {
        await using var host = new SemanticHost(static o => (o.ShadowRate, o.MaxFalseHitRate) = (0.2, 0.2), static b => b.Services.AddSingleton(new RandomSource(1)));
        int hits = await TeachAsync(host);

        Assert.That(hits, Is.GreaterThan(Subjects.Length));
        Assert.That(host.Fake.RequestCount - host.Lookups("miss"), Is.InRange(1, hits / 5), "no more than the part that is allowed");
        Assert.That(host.Logged, Is.Empty, "all were right");
    }

    [Test]
    public async Task Errors_that_checks_find_make_it_careful()
    {
        await using var host = new SemanticHost(static o => (o.ShadowRate, o.MaxFalseHitRate) = (0.2, 0.05), static b => b.Services.AddSingleton(new RandomSource(1)));
        await TeachAsync(host);

        // From now on the model says something else each time it is asked, whatever the question.
        int said = 0;
        string[] other = ["north", "seven", "purple", "river", "copper", "Tuesday", "onion", "violin"];
        host.Answer = _ => $"{other[Interlocked.Increment(ref said) % other.Length]} {said}";
        for (int i = 0; i < 2_000 && !host.Logged.Contains(1505); i++)
        {
            await AskAsync(host, i % Subjects.Length, i % Ways);
        }

        Assert.That(host.Logged, Does.Contain(1505));
        Assert.That(host.Get<LearningTable>()[Learner].Health.Tightness, Is.LessThan(1));
    }

    [Test]
    public async Task Kill_switch_leaves_what_is_word_for_word_equal_for_an_hour()
    {
        await using var host = new SemanticHost(static o => o.MaxFalseHitRate = 0.2);
        await TeachAsync(host);
        string weighed = Question(Subjects[7], Ways - 1);
        Assert.That((await host.AskAsync(weighed)).Receipt.Cache, Is.EqualTo(CacheOutcome.SemanticHit));

        PartitionLearning learned = host.Get<LearningTable>()[Learner];
        while (learned.Health.DisabledUntil is null)
        {
            learned.Learn(QuestionReader.Read("anything"), null, isRight: false, ShadowCheck.Sample);
        }

        Assert.That(learned.Health.DisabledUntil, Is.EqualTo(host.Time.GetUtcNow().AddHours(1)));
        Assert.That((await host.AskAsync($"{Question(Subjects[7], 0)} Thanks!")).Receipt.Cache, Is.EqualTo(CacheOutcome.SemanticHit));
        Assert.That((await host.AskAsync(weighed)).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
        host.Time.Advance(TimeSpan.FromHours(1));
        Assert.That(learned.Health.DisabledUntil, Is.Null);
    }

    [Test]
    public async Task Check_that_fails_is_logged_and_harms_nobody()
    {
        await using var host = new SemanticHost(static o => (o.ShadowRate, o.MaxFalseHitRate) = (0.2, 0.2), static b => b.Services.AddSingleton(new RandomSource(1)));
        await TeachAsync(host);
        host.Answer = static _ => throw new InvalidOperationException("the model is gone");

        for (int i = 0; i < 2_000 && !host.Logged.Contains(1121); i++)
        {
            try
            {
                await AskAsync(host, i % Subjects.Length, i % Ways);
            }
            catch (LlmException)
            {
                // A miss: there is nobody to ask.
            }
        }

        Assert.That(host.Logged, Does.Contain(1121));
    }

    [Test]
    public async Task Check_is_charged_to_the_tenant_under_its_own_name()
    {
        var records = new RecordingStore();
        await using var host = new SemanticHost(
            static o => (o.ShadowRate, o.MaxFalseHitRate) = (0.2, 0.2), b => b.Services.AddSingleton(new RandomSource(1)).AddSingleton<IUsageStore>(records));
        await TeachAsync(host);

        Assert.That(records.Of("semantic-check").Select(static r => r.Context.TenantId), Is.Not.Empty.And.All.EqualTo("acme"));
    }

    [Test]
    public async Task Rejected_answer_is_forgotten()
    {
        await using var host = new SemanticHost();
        await host.AskAsync("How long is the warranty of your laptops?");
        LlmResponse wrong = await host.AskAsync("How long is the waranty of your laptops?");
        Assert.That(wrong.Receipt.Cache, Is.EqualTo(CacheOutcome.SemanticHit));

        Assert.That(await host.Feedback.RejectAsync(wrong.Receipt.RequestId), Is.True);

        Assert.That(await host.Feedback.RejectAsync(wrong.Receipt.RequestId), Is.False, "it is forgotten already");
        Assert.That(await host.Feedback.RejectAsync("nobody's"), Is.False);
        Assert.That((await host.AskAsync("How long is the waranty of your laptops?")).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
    }

    // Each topic is asked about in several ways, which have the same answer: so the cache learns that such ways may be trusted. Returns how often it did.
    private static async Task<int> TeachAsync(SemanticHost host)
    {
        host.Answer = static question => $"All about the {Array.Find(Subjects, s => question.Contains(s, StringComparison.Ordinal))}.";
        for (int way = 0; way < Ways; way++)
        {
            for (int topic = 0; topic < Subjects.Length; topic++)
            {
                await AskAsync(host, topic, way);
            }
        }

        return host.Lookups("hit");
    }

    private static async Task AskAsync(SemanticHost host, int topic, int way)
    {
        await host.AskAsync(Question(Subjects[topic], way));
        await host.Idle;
    }

    private static string Question(string subject, int way) => way switch
    {
        0 => $"Where can I find all the details about the {subject} that I asked for yesterday?",
        1 => $"Where can I find the details about the {subject} that I asked for yesterday?",
        2 => $"Where do I find all the details about the {subject} that I asked for yesterday?",
        3 => $"I asked for a {subject} yesterday, where can I find all the details about it?",
        4 => $"Where can I find all the detail about the {subject} that I asked for yesterday evening?",
        _ => $"Yesterday I asked for the {subject}: where can I find all the details?",
    };
}
