using IntegrationLayer.Sdk.SemanticCaching;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

public sealed class PartitionLearningTests
{
    private static readonly Question Asked = QuestionReader.Read("How do I cancel my order?");

    private readonly FakeTimeProvider _time = new();

    [Test]
    public void Equal_question_is_answered_at_once()
    {
        Judgement judgement = Make().Judge(Asked, new Verdict(0, IsIdentical: true, null));

        Assert.That(judgement.IsAccepted, Is.True);
        Assert.That(judgement.Risk, Is.LessThan(0.01));
    }

    [Test]
    public void Nothing_is_answered_without_a_verdict() => Assert.That(Make().Judge(Asked, null).IsAccepted, Is.False);

    [Test]
    public void What_was_right_again_and_again_becomes_less_of_a_risk()
    {
        PartitionLearning learning = Make();
        Verdict verdict = Doubtful();
        double before = learning.Judge(Asked, verdict).Risk;

        for (int i = 0; i < 100; i++)
        {
            learning.Learn(Asked, verdict, isRight: true, ShadowCheck.None);
        }

        Assert.That(learning.Judge(Asked, verdict).Risk, Is.LessThan(before / 2));
    }

    [Test]
    public void Rejected_answer_becomes_more_of_a_risk()
    {
        PartitionLearning learning = Make();
        double before = learning.Judge(Asked, Doubtful()).Risk;

        learning.LearnRejection(Doubtful());

        Assert.That(learning.Judge(Asked, Doubtful()).Risk, Is.GreaterThan(before));
    }

    [Test]
    public void Wrong_samples_disable_the_partition_for_an_hour()
    {
        PartitionLearning learning = Trusted();

        FalseHitAlarm[] alarms = [.. Enumerable.Range(0, 5).Select(_ => learning.Learn(Asked, null, isRight: false, ShadowCheck.Sample))];

        Assert.That(alarms, Has.Member(FalseHitAlarm.Disable));
        Assert.That(learning.Health.DisabledUntil, Is.EqualTo(_time.GetUtcNow() + TimeSpan.FromHours(1)));
        Assert.That(learning.Judge(Asked, Certain()).IsAccepted, Is.False);
        Assert.That(learning.Judge(Asked, new Verdict(0, IsIdentical: true, null)).IsAccepted, Is.True, "equal questions are no guess");
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(learning.Judge(Asked, Certain()).IsAccepted, Is.True);
        Assert.That(learning.Health.DisabledUntil, Is.Null);
        Assert.That(learning.Health.Tightness, Is.LessThan(1));
    }

    [Test]
    public void Checks_of_the_doubtful_say_nothing_of_others()
    {
        PartitionLearning learning = Trusted();

        FalseHitAlarm[] alarms = [.. Enumerable.Range(0, 20).Select(_ => learning.Learn(Asked, null, isRight: false, ShadowCheck.Doubt))];

        Assert.That(alarms, Is.All.EqualTo(FalseHitAlarm.None));
    }

    [Test]
    public void Some_wrong_samples_take_smaller_risks_and_right_ones_larger_again()
    {
        PartitionLearning learning = Make(rate: 0.2);
        learning.Judge(Asked, Certain());

        for (int i = 0; learning.Health.Tightness == 1; i++)
        {
            learning.Learn(Asked, null, isRight: i % 3 != 0, ShadowCheck.Sample);
        }

        double tight = learning.Health.Tightness;
        for (int i = 0; i < 200; i++)
        {
            learning.Learn(Asked, null, isRight: true, ShadowCheck.Sample);
        }

        Assert.That(tight, Is.EqualTo(0.5));
        Assert.That(learning.Health.Tightness, Is.EqualTo(1));
        Assert.That(learning.Health.Checked, Is.GreaterThan(200));
    }

    private static Verdict Doubtful() => new(0, IsIdentical: false, Features(0.5));

    private static Verdict Certain() => new(0, IsIdentical: false, Features(1));

    private static double[] Features(double level)
    {
        double[] features = new double[(int)Feature.Count];
        Array.Fill(features, level);
        features[(int)Feature.RarestForeign] = 0;
        features[(int)Feature.ForeignCount] = 0;
        features[(int)Feature.OtherKind] = 0;
        features[(int)Feature.Youth] = 0;
        features[(int)Feature.Shortness] = 0;
        features[(int)Feature.IsSinglePhrasing] = 0;
        features[(int)Feature.Constant] = 1;
        return features;
    }

    private PartitionLearning Trusted()
    {
        // Right again and again, whatever was known of such questions before.
        PartitionLearning learning = Make();
        for (int i = 0; i < 200; i++)
        {
            learning.Learn(Asked, Certain(), isRight: true, ShadowCheck.None);
        }

        for (int i = 0; i < 10; i++)
        {
            learning.Judge(Asked, Certain());
        }

        return learning;
    }

    private PartitionLearning Make(double rate = 0.01) => new(new SemanticCacheOptions { MaxFalseHitRate = rate }, AcceptancePrior.Embedded, new RandomSource(1), _time);
}
